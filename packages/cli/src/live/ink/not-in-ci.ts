// Stands in for is-in-ci in the bundle: where Ink runs, a person is looking.
export default false;
