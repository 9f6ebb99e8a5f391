export interface Span {
  readonly text: string;
  readonly classes: readonly string[];
}
export declare function spansOf(text: string): Span[][];
export declare function wrapped(lines: readonly (readonly Span[])[], columns: number): Span[][];
export declare function svgOf(
  scenes: readonly string[],
  options: { readonly columns: number; readonly rows: number; readonly seconds: number; readonly label: string },
): string;
