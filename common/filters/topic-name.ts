const MAX_LENGTH = 128;
const END = 64;

/**
 * Name of the topic that a filter is sent to, as Lasair makes it: prefix, number of the owner and name
 * of the filter with only letters, digits, `_`, `-` and `.` kept; of longer ones the first and the last
 * 64. Names that differ may clean to the same topic: `claimTopic` tells them apart. Where a name begins
 * with a digit, `_` stands before it, or 2x of user 1 would have the topic of x of user 12.
 */
export function filterTopicName(prefix: string, userId: number, name: string): string {
  const cleaned = name.replace(/[^A-Za-z0-9_.-]/g, '');
  const whole = `${prefix}${userId}${/^\d/.test(cleaned) ? '_' : ''}${cleaned}`;
  return whole.length <= MAX_LENGTH ? whole : whole.slice(0, END) + whole.slice(-END);
}

/** Login name in Kafka of whoever owns filters, and what the names of their consumer groups begin with. */
export function kafkaLogin(prefix: string, userId: number): { name: string; groupPrefix: string } {
  const name = `${prefix}${userId}`;
  // With the dot, so that 1 is not the beginning of 12.
  return { name, groupPrefix: `${name}.` };
}
