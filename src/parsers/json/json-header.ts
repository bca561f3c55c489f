/** In a table of arrays: the number of the array with the names, counted from 1, or whether the first array has them. */
export type JsonHeader = number | boolean
