const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:z|([+-])(\d{2}):(\d{2}))$/i;
const DURATION = /^P(?!$)(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)$/;

/** RFC 3339, `full-date`. */
export function isDate(text: string): boolean {
  const found = DATE.exec(text);
  if (found === null || /[^\d-]/.test(text)) return false;
  const [year, month, day] = found.slice(1).map(Number) as [number, number, number];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** RFC 3339, `full-time`: with its zone. A leap second is the last second of a day in UTC. */
export function isTime(text: string): boolean {
  const found = TIME.exec(text);
  if (found === null) return false;
  const [hour, minute, second] = found.slice(1, 4).map(Number) as [number, number, number];
  const [zoneHour, zoneMinute] = [Number(found[5] ?? 0), Number(found[6] ?? 0)];
  if (hour > 23 || minute > 59 || second > 60 || zoneHour > 23 || zoneMinute > 59) return false;
  if (second < 60) return true;
  const ahead = (zoneHour * 60 + zoneMinute) * (found[4] === '-' ? -1 : 1);
  return (hour * 60 + minute - ahead + 2880) % 1440 === 1439;
}

/** RFC 3339, `date-time`. */
export function isDateTime(text: string): boolean {
  const [date = '', time = '', ...more] = text.split(/t/i);
  return more.length === 0 && isDate(date) && isTime(time);
}

/** RFC 3339, appendix A. */
export function isDuration(text: string): boolean {
  return DURATION.test(text) && !/Y\d+D|H\d+S/.test(text);
}
