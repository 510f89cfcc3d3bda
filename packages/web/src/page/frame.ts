/** What every screen has around it: the way home, a place for news of the connection, and the content. */
import { type ComponentChild, type ComponentChildren, h } from 'preact';

export interface FrameInput {
  /** Of the window. */
  readonly title: string;
  /** Behind the way home. */
  readonly trail?: ComponentChildren;
  /** News of the connection. */
  readonly link?: ComponentChildren;
}

export function frame({ title, trail, link }: FrameInput, content: ComponentChildren): ComponentChild {
  document.title = `${title} · Rowparity`;
  return h('div', { class: 'frame' }, [
    h('header', { class: 'top' }, [
      h('nav', { 'aria-label': 'Places' }, [h('a', { class: 'home', href: '/' }, 'Rowparity'), trail]),
      link,
    ]),
    h('main', { id: 'content', tabIndex: -1 }, content),
  ]);
}

/** A section with its heading. */
export function section(
  title: string,
  content: ComponentChildren,
  aside?: ComponentChildren,
): ComponentChild {
  const id = `h-${title.toLowerCase().replaceAll(/\W+/g, '-')}`;
  return h('section', { 'aria-labelledby': id }, [
    h('div', { class: 'head' }, [h('h2', { id }, title), aside]),
    content,
  ]);
}

/** Sentences, one below the other. */
export function reasons(sentences: readonly string[]): ComponentChild {
  return h(
    'ul',
    { class: 'reasons' },
    sentences.map((sentence) => h('li', null, sentence)),
  );
}

/** Names with their values. */
export function factList(
  facts: readonly (readonly [name: string, value: ComponentChild])[],
  look = 'facts',
): ComponentChild {
  return h(
    'dl',
    { class: look },
    facts.map(([name, value]) => h('div', null, [h('dt', null, name), h('dd', null, value)])),
  );
}
