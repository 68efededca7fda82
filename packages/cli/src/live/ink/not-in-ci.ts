// Replaces is-in-ci in the bundle: Ink runs only at a person's terminal.
export default false;
