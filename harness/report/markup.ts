import { escapeHtml } from './escape.ts';

/** HTML that was made by {@link html}: the only thing that goes into a page unescaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What can stand in a template: texts and numbers are escaped, markup is not, nothing is nothing. */
export type Content = string | number | Markup | null | readonly Content[];

/** A template whose every value is escaped, as text and inside quoted attributes, unless it is markup already. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let text = strings[0]!;
  for (let place = 0; place < values.length; place++) text += render(values[place]!) + strings[place + 1]!;
  return new Markup(text);
}

function render(content: Content): string {
  if (content === null) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(render).join('');
  return escapeHtml(String(content));
}
