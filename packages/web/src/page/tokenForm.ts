/** Asks for the token of the reporter. */
import { Component, h } from 'preact';
import { frame } from './frame.ts';

export interface TokenFormInput {
  readonly problem: string | undefined;
  onToken(token: string): void;
}

export class TokenForm extends Component<TokenFormInput> {
  #token = '';

  override render({ problem }: TokenFormInput) {
    const onSubmit = (event: Event) => {
      event.preventDefault();
      if (this.#token !== '') this.props.onToken(this.#token);
    };
    const onInput = (event: { readonly currentTarget: HTMLInputElement }) => {
      this.#token = event.currentTarget.value.trim();
    };
    return frame({ title: 'Token' }, [
      h(
        'form',
        { class: 'token', onSubmit },
        h('h1', null, 'This reporter needs a token'),
        h('label', { for: 'token' }, 'Token'),
        h('input', {
          id: 'token',
          type: 'password',
          autocomplete: 'current-password',
          required: true,
          onInput,
        }),
        problem === undefined ? null : h('p', { class: 'problem', role: 'alert' }, problem),
        h('button', { type: 'submit' }, 'Open the page'),
        h(
          'p',
          { class: 'quiet' },
          'It is the value of ROWPARITY_HTTP_TOKEN. This tab keeps it until you close it, and sends it to this reporter alone.',
        ),
      ),
    ]);
  }
}
