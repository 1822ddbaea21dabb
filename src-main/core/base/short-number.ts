/** short-number: limits in messages, so that nobody has to count zeros. */

/** `1e12` for 1000000000000; other numbers as they are. */
export const shortNumber = (value: number): string =>
  `${value}`.replace(/^([1-9]\d*?)(0{6,})$/, (_, head: string, zeros: string) => {
    return `${head}e${zeros.length}`
  })
