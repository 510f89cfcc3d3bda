/** Shared by the sessions of one server: once one of them finds no statement to prepare, each keeps one at most. */
export interface StatementThrift {
  isOn: boolean;
}
