package io.weir.firewall.address;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.RandomAccess;

/**
 * A list of prefixes to which more can be added; millions of them are a few arrays, so that no
 * collection of garbage has to walk them one by one. Confined to one thread.
 */
public final class PackedPrefixes extends AbstractList<Cidr> implements RandomAccess {
  private static final int PLACE_BITS = 26; // what start and length leave of a number
  private static final int MOST = 1 << PLACE_BITS;
  private static final int CODE_OF_V6 = 33; // and what its length is more; below: a length of IPv4

  private long[] highs = {}; // as long as the others once there is one of IPv6
  private long[] lows = new long[16];
  private byte[] codes = new byte[16];
  private int size;

  public PackedPrefixes() {}

  /** These prefixes; themselves if they are packed already. */
  static PackedPrefixes of(Collection<Cidr> prefixes) {
    if (prefixes instanceof PackedPrefixes packed) {
      return packed;
    }
    PackedPrefixes packed = new PackedPrefixes();
    packed.addAll(prefixes);
    return packed;
  }

  /** Adds them at the end; packed ones as they are, without making an object of each. */
  @Override
  public boolean addAll(Collection<? extends Cidr> prefixes) {
    return prefixes instanceof PackedPrefixes packed ? append(packed) : super.addAll(prefixes);
  }

  private boolean append(PackedPrefixes more) {
    makeRoom(more.size);
    if (more.highs.length > 0) {
      highs = Arrays.copyOf(highs, lows.length);
      System.arraycopy(more.highs, 0, highs, size, Math.min(more.highs.length, more.size));
    }
    System.arraycopy(more.lows, 0, lows, size, more.size);
    System.arraycopy(more.codes, 0, codes, size, more.size);
    size += more.size;
    modCount++;
    return more.size > 0;
  }

  private void makeRoom(int count) {
    if (count > MOST - size) {
      throw new IllegalStateException("more than " + MOST + " prefixes");
    }
    if (size + count > lows.length) {
      int capacity = Math.max(size + count, 2 * size);
      lows = Arrays.copyOf(lows, capacity);
      codes = Arrays.copyOf(codes, capacity);
    }
  }

  /**
   * Adds one at the end.
   *
   * @throws IllegalStateException if there are 67 million
   */
  @Override
  public boolean add(Cidr prefix) {
    makeRoom(1);
    ClientAddress network = prefix.network();
    if (network.isV6()) {
      if (highs.length < lows.length) {
        highs = Arrays.copyOf(highs, lows.length);
      }
      highs[size] = network.high();
    }
    lows[size] = network.low();
    codes[size] = (byte) (network.isV6() ? CODE_OF_V6 + prefix.length() : prefix.length());
    size++;
    modCount++;
    return true;
  }

  @Override
  public Cidr get(int place) {
    ClientAddress network =
        isV6(place)
            ? ClientAddress.v6(high(place), low(place))
            : ClientAddress.v4((int) low(place));
    return new Cidr(network, length(place));
  }

  @Override
  public int size() {
    return size;
  }

  boolean isV6(int place) {
    return code(place) >= CODE_OF_V6;
  }

  int length(int place) {
    int code = code(place);
    return code < CODE_OF_V6 ? code : code - CODE_OF_V6;
  }

  /** The upper half of the first address. */
  long high(int place) {
    return isV6(place) ? highs[place] : 0;
  }

  /** The lower half of the first address. */
  long low(int place) {
    return lows[place];
  }

  /** The upper half of the last address. */
  long lastHigh(int place) {
    return high(place) | Bits.lowMaskHigh(freeBits(place));
  }

  /** The lower half of the last address. */
  long lastLow(int place) {
    return low(place) | Bits.lowMaskLow(freeBits(place));
  }

  private int freeBits(int place) {
    return (isV6(place) ? 128 : 32) - length(place);
  }

  private int code(int place) {
    if (place >= size) {
      throw new IndexOutOfBoundsException(place);
    }
    return codes[place] & 0xff;
  }

  /** The places of all prefixes of one family by their starts, then the wider ones first. */
  int[] order(boolean v6) {
    return v6 ? orderV6() : orderV4();
  }

  private int[] orderV4() {
    long[] keys = new long[size]; // start, length and place of each
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (!isV6(i)) {
        keys[count++] = ((low(i) << 32) ^ Long.MIN_VALUE) | ((long) length(i) << PLACE_BITS) | i;
      }
    }
    Arrays.sort(keys, 0, count);
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = (int) keys[i] & (MOST - 1);
    }
    return order;
  }

  /** A merge sort of places, from short runs to long ones; the JDK would make an object of each. */
  private int[] orderV6() {
    int[] order = new int[size];
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (isV6(i)) {
        order[count++] = i;
      }
    }
    int[] other = new int[count];
    for (int run = 1; run > 0 && run < count; run *= 2) {
      for (int from = 0; from < count; from += 2 * run) {
        int middle = Math.min(from + run, count);
        merge(order, from, middle, Math.min(middle + run, count), other);
      }
      int[] merged = other;
      other = order;
      order = merged;
    }
    return Arrays.copyOf(order, count);
  }

  private void merge(int[] from, int start, int middle, int end, int[] to) {
    int one = start;
    int two = middle;
    for (int i = start; i < end; i++) {
      boolean first = two == end || (one < middle && compare(from[one], from[two]) <= 0);
      to[i] = from[first ? one++ : two++];
    }
  }

  private int compare(int one, int other) {
    int byHigh = Long.compareUnsigned(highs[one], highs[other]);
    if (byHigh != 0) {
      return byHigh;
    }
    int byLow = Long.compareUnsigned(lows[one], lows[other]);
    return byLow != 0 ? byLow : Integer.compare(length(one), length(other));
  }
}
