/** Everything that a call may be refused with. Programs branch on `code`; the message is for people. */
import type { HttpError, HttpErrorCode } from '@rowparity/contracts';

export type RowparityErrorCode =
  /** A service's own refusal. */
  | HttpErrorCode
  /** No service answered in time, or each answer was a fault of the service or of a proxy before it. */
  | 'unreachable'
  /** The answer is none of the contract: another version of the service, or no service of Rowparity. */
  | 'unexpected_answer'
  /** The connection broke within a stream: what was read is not the whole. */
  | 'stream_broken'
  /** The address is none, or the client was given none for this service. */
  | 'bad_address'
  /** The job of a run failed on the queue; the message is its reason. */
  | 'order_refused'
  /** The wait for a verdict took longer than it was allowed to. The run goes on. */
  | 'wait_too_long';

export interface RowparityErrorInput {
  readonly code: RowparityErrorCode;
  readonly message: string;
  /** Of HTTP. */
  readonly status?: number | undefined;
  readonly problems?: HttpError['problems'];
  readonly cause?: unknown;
}

export class RowparityError extends Error {
  override readonly name = 'RowparityError';
  readonly code: RowparityErrorCode;
  readonly status: number | undefined;
  /** Every place of the spec or of the parameters that is wrong. */
  readonly problems: NonNullable<HttpError['problems']>;

  constructor({ code, message, status, problems = [], cause }: RowparityErrorInput) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.status = status;
    this.problems = problems;
  }
}
