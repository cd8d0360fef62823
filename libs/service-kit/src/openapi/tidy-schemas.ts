type Schemas = Record<string, unknown>;

const refPrefix = '#/components/schemas/';

/**
 * Every named schema arrives twice: as requests may spell it (`PlanInput`) and as answers do (`Plan`). Where both are the
 * same, one name stands for both, and what nothing refers to is left out.
 */
export function tidySchemas<Document extends object>(document: Document): Document {
  const copy = structuredClone(document) as Document & { components?: { schemas?: Schemas } };
  const schemas = copy.components?.schemas;
  if (schemas === undefined) return copy;

  renameReferences(copy, shorten(findTwins(schemas)));
  for (let unused = unreferenced(copy, schemas); unused.length > 0; unused = unreferenced(copy, schemas)) {
    for (const name of unused) Reflect.deleteProperty(schemas, name);
  }
  return copy;
}

/** The names of those request schemas that say the same as the answer's, down to what they refer to. */
function findTwins(schemas: Schemas): Set<string> {
  let twins = new Set(Object.keys(schemas).filter((name) => name !== plainName(name) && plainName(name) in schemas));
  for (;;) {
    const rename = shorten(twins);
    const confirmed = [...twins].filter((name) => {
      const renamed = structuredClone(schemas[name]);
      renameReferences(renamed, rename);
      return JSON.stringify(renamed) === JSON.stringify(schemas[plainName(name)]);
    });
    if (confirmed.length === twins.size) return twins;
    twins = new Set(confirmed);
  }
}

function plainName(name: string): string {
  return name.replace(/Input$/, '');
}

function shorten(names: ReadonlySet<string>) {
  return (name: string) => (names.has(name) ? plainName(name) : name);
}

function unreferenced(document: object, schemas: Schemas): string[] {
  const used = new Set<string>();
  renameReferences(document, (name) => {
    used.add(name);
    return name;
  });
  return Object.keys(schemas).filter((name) => !used.has(name));
}

function renameReferences(value: unknown, rename: (name: string) => string): void {
  if (typeof value !== 'object' || value === null) return;
  if ('$ref' in value && typeof value.$ref === 'string' && value.$ref.startsWith(refPrefix)) {
    value.$ref = refPrefix + rename(value.$ref.slice(refPrefix.length));
  }
  for (const child of Object.values(value)) renameReferences(child, rename);
}
