/** Which of the first two numbers of a date is the day: decided for a column, or left open. */
export type DayMonthOrder = "day-first" | "month-first" | "undecided" | "mixed"
