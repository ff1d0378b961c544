/** A request parameter that is unknown, malformed or out of range; becomes a 400 that names it. */
export class ParameterError extends Error {
  readonly parameter: string;
  readonly value: string;

  constructor(parameter: string, value: string, reason: string) {
    super(reason);
    this.name = 'ParameterError';
    this.parameter = parameter;
    this.value = value;
  }
}
