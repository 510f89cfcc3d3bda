/** Begins the page: asks for the token where the reporter wants one, and shows what the address is about. */
import { Component, type ComponentChild, h, render } from 'preact';
import { hasToken, keepToken } from './asking.ts';
import { MigrationScreen } from './migrationScreen.ts';
import { placeOf } from './place.ts';
import { RunScreen } from './runScreen.ts';
import { RunsScreen } from './runsScreen.ts';
import { TokenForm } from './tokenForm.ts';

interface PageState {
  readonly needsToken: boolean;
  /** Of the token before, which the reporter did not take. */
  readonly problem: string | undefined;
}

class Page extends Component<object, PageState> {
  override state: PageState = { needsToken: false, problem: undefined };

  readonly #onTokenNeeded = () => {
    const problem = hasToken() ? 'The reporter did not accept this token.' : undefined;
    this.setState({ needsToken: true, problem });
  };

  readonly #onToken = (token: string) => {
    keepToken(token);
    this.setState({ needsToken: false, problem: undefined });
  };

  override render() {
    const { needsToken, problem } = this.state;
    if (needsToken) return h(TokenForm, { problem, onToken: this.#onToken });
    return this.#screen();
  }

  #screen(): ComponentChild {
    const place = placeOf(location.pathname);
    const onTokenNeeded = this.#onTokenNeeded;
    switch (place.kind) {
      case 'run':
        return h(RunScreen, { id: place.id, onTokenNeeded });
      case 'migration':
        return h(MigrationScreen, { id: place.id, onTokenNeeded });
      case 'runs':
        return h(RunsScreen, { onTokenNeeded });
    }
  }
}

const root = document.getElementById('page');
if (root) {
  root.replaceChildren();
  render(h(Page, {}), root);
}
