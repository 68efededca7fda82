// Replaces react-devtools-core in the bundle: Ink imports it only for its own development.
export default {};
