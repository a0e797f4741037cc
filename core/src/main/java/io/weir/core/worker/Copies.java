package io.weir.core.worker;

/**
 * How much one worker keeps of what it has sent, only to be able to send it once more. Confined to
 * its loop.
 */
public final class Copies {
  /*
   * A backend can be slow to answer, and then what it was sent is still kept. A copy that is not
   * there costs a request that would have been repeated, while the memory is there for all; so there
   * is some for copies, and who comes when that is used up keeps none.
   */

  /** Of what those may hold who take nothing: so much beside it. */
  private static final int PART = 8;

  private final SlowReaders slowReaders;
  private long kept;

  Copies(SlowReaders slowReaders) {
    this.slowReaders = slowReaders;
  }

  /** Whether so many bytes more may be kept; if so they count until they are given back. */
  public boolean take(int bytes) {
    if (kept + bytes > slowReaders.mostBytes() / PART) {
      return false;
    }
    kept += bytes;
    return true;
  }

  public void giveBack(int bytes) {
    kept -= bytes;
  }
}
