/** CPU time of this process so far, in ms: unlike the clock, it does not pass while other processes run. */
export function cpuNow(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
