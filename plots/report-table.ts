import { html, type Markup } from "./html.ts";

/** A column of a table and what it holds for a row. */
export interface Column<Row> {
  readonly head: string;
  /** Numbers are set to the right. */
  readonly numeric?: boolean;
  readonly cell: (row: Row) => Markup | string | number;
}

/**
 * A table with a caption; the first column heads its rows. Wide ones scroll inside their own box, which the keyboard
 * can reach.
 */
export function table<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): Markup {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ head, numeric }) => html`<th scope="col" class="${classOf(numeric)}">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${columns.map((column, i) => cellOf(column, row, i === 0))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function cellOf<Row>({ numeric, cell }: Column<Row>, row: Row, first: boolean): Markup {
  const content = cell(row);
  return first ? html`<th scope="row">${content}</th>` : html`<td class="${classOf(numeric)}">${content}</td>`;
}

const classOf = (numeric = false): string => (numeric ? "number" : "words");
