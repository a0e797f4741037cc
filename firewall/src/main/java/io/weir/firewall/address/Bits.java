package io.weir.firewall.address;

/** Masks of 128-bit numbers kept in two longs. */
final class Bits {
  private Bits() {}

  /** The upper half of a number whose {@code count} lowest bits are set; 0 to 128. */
  static long lowMaskHigh(int count) {
    return count <= 64 ? 0 : ones(count - 64);
  }

  /** The lower half of a number whose {@code count} lowest bits are set; 0 to 128. */
  static long lowMaskLow(int count) {
    return ones(Math.min(count, 64));
  }

  private static long ones(int count) {
    return count == 0 ? 0 : -1L >>> (64 - count);
  }
}
