/** A button that copies a text, and says that it did. */
import { Component, type ComponentChild, h } from 'preact';

interface CopyInput {
  text(): string;
  readonly words: string;
  /** What is copied, where the words do not say it. */
  readonly label: string | undefined;
}

const SAID_MS = 2000;

class CopyButton extends Component<CopyInput, { readonly said: string | undefined }> {
  override state = { said: undefined };
  #timer: ReturnType<typeof setTimeout> | undefined;

  override componentWillUnmount(): void {
    clearTimeout(this.#timer);
  }

  override render({ words, text, label }: CopyInput, { said }: { readonly said: string | undefined }) {
    const say = (saying: string) => {
      this.setState({ said: saying });
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.setState({ said: undefined }), SAID_MS);
    };
    // Without TLS a browser has no clipboard for a page.
    const onClick = () =>
      navigator.clipboard
        ? void navigator.clipboard.writeText(text()).then(
            () => say('Copied'),
            () => say('Select and copy it'),
          )
        : say('Select and copy it');
    return h(
      'button',
      { type: 'button', class: 'copy', onClick, ...(label ? { 'aria-label': said ?? label } : {}) },
      h('span', { 'aria-live': 'polite' }, said ?? words),
    );
  }
}

export function copyButton(text: () => string, words: string, label?: string): ComponentChild {
  return h(CopyButton, { text, words, label });
}
