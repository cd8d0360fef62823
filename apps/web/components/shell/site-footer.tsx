export function SiteFooter() {
  return (
    <footer className="mx-auto w-full max-w-[72rem] px-5 sm:px-6 print:hidden">
      <p className="border-t border-line py-6 text-sm text-subtle">
        Self-hosted. Your answers and plans are stored by whoever runs this installation.
      </p>
    </footer>
  );
}
