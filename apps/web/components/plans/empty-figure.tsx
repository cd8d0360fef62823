/** A sheet with nothing on it but its budget line. */
export function EmptyFigure() {
  return (
    <svg viewBox="0 0 96 72" aria-hidden="true" className="mb-2 h-18 w-24">
      <rect x="20.5" y="4.5" width="55" height="63" rx="5" className="fill-surface stroke-edge/60" />
      <rect x="29" y="15" width="26" height="3.5" rx="1.75" className="fill-edge/60" />
      <g className="fill-line">
        <rect x="29" y="25" width="38" height="2.5" rx="1.25" />
        <rect x="29" y="31" width="34" height="2.5" rx="1.25" />
        <rect x="29" y="37" width="37" height="2.5" rx="1.25" />
      </g>
      <g>
        <rect x="29" y="54" width="15" height="4" rx="2" className="fill-channel-ppc" />
        <rect x="45" y="54" width="9" height="4" rx="2" className="fill-channel-blog" />
        <rect x="55" y="54" width="7" height="4" rx="2" className="fill-channel-social" />
        <rect x="63" y="54" width="4" height="4" rx="2" className="fill-channel-seo" />
      </g>
    </svg>
  );
}
