// The names of the namespaces that the suite makes, so that a person finds what was left behind.

export const NAMESPACE_PREFIX = 'rowparity-test-';
