package io.weir.core.http1;

import io.netty.buffer.ByteBuf;
import io.weir.core.http.Ascii;
import io.weir.core.http.BodyLength;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body piece by piece: counted, chunked (RFC 9112 section 7.1) or until the connection
 * ends. Keeps no bytes; a piece is a slice of what arrived.
 */
final class BodyReader {
  /** Chunk extensions mean nothing to us and are not passed on; a sane one is short. */
  private static final int MAX_EXTENSION_BYTES = 256;

  /** Sixteen hex digits would reach the sign bit. */
  private static final int MAX_SIZE_DIGITS = 15;

  /** What comes next on the wire. */
  private enum State {
    DATA,
    DATA_UNTIL_CLOSE,
    CHUNK_SIZE,
    BEFORE_EXTENSION,
    BEFORE_EXTENSION_NAME,
    EXTENSION_NAME,
    BEHIND_EXTENSION_NAME,
    BEFORE_EXTENSION_VALUE,
    EXTENSION_VALUE,
    QUOTED,
    QUOTED_PAIR,
    BEHIND_QUOTED,
    SIZE_LF,
    CHUNK_DATA,
    CHUNK_CR,
    CHUNK_LF,
    TRAILERS,
    END,
    MALFORMED
  }

  private final int maxTrailerBytes;
  private final int maxTrailers;

  private State state = State.END;
  private long remaining;
  private long received;
  private int digits;
  private int extensionBytes;
  private @Nullable TrailerReader trailers;

  BodyReader(int maxTrailerBytes, int maxTrailers) {
    this.maxTrailerBytes = maxTrailerBytes;
    this.maxTrailers = maxTrailers;
  }

  /** Begins a body of that length: a count or a constant of {@link BodyLength}. */
  void begin(long length) {
    received = 0;
    trailers = null;
    if (length == BodyLength.CHUNKED) {
      beginChunk();
    } else if (length == BodyLength.UNTIL_CLOSE) {
      state = State.DATA_UNTIL_CLOSE;
    } else {
      remaining = Math.max(length, 0);
      state = remaining == 0 ? State.END : State.DATA;
    }
  }

  /** Whether the body is complete. */
  boolean isEnded() {
    return state == State.END;
  }

  boolean isMalformed() {
    return state == State.MALFORMED;
  }

  /** Whether the end of the connection is the end of the body. */
  boolean endsWithConnection() {
    return state == State.DATA_UNTIL_CLOSE;
  }

  /** Bytes of body so far, framing not counted, with the rest of a chunk that was announced. */
  long announced() {
    return state == State.CHUNK_DATA ? received + remaining : received;
  }

  /** Bytes that are still to come in a counted body; otherwise unknown, which is the maximum. */
  long missing() {
    return switch (state) {
      case END -> 0;
      case DATA -> remaining;
      default -> Long.MAX_VALUE;
    };
  }

  /** Trailers of a chunked body that has ended. */
  @Nullable Fields trailers() {
    return trailers == null ? null : trailers.fields();
  }

  /** Why the body is malformed. */
  Failure refusal() {
    return trailers == null ? Failure.BAD_REQUEST : trailers.refusal();
  }

  /**
   * The next piece of the body, which the caller releases; null when {@code in} has no more, or the
   * body has ended, or is malformed.
   */
  @Nullable ByteBuf next(ByteBuf in) {
    while (in.isReadable()) {
      switch (state) {
        case DATA, CHUNK_DATA -> {
          return counted(in);
        }
        case DATA_UNTIL_CLOSE -> {
          received += in.readableBytes();
          return in.readRetainedSlice(in.readableBytes());
        }
        case TRAILERS -> readTrailers(in);
        case END, MALFORMED -> {
          return null;
        }
        default -> state = afterFraming(in.readByte());
      }
    }
    return null;
  }

  private ByteBuf counted(ByteBuf in) {
    int n = (int) Math.min(remaining, in.readableBytes());
    remaining -= n;
    received += n;
    if (remaining == 0) {
      state = state == State.DATA ? State.END : State.CHUNK_CR;
    }
    return in.readRetainedSlice(n);
  }

  private void beginChunk() {
    state = State.CHUNK_SIZE;
    remaining = 0;
    digits = 0;
    extensionBytes = 0;
  }

  private State afterFraming(byte b) {
    return switch (state) {
      case CHUNK_SIZE -> sizeDigit(b);
      case BEFORE_EXTENSION,
          BEFORE_EXTENSION_NAME,
          EXTENSION_NAME,
          BEHIND_EXTENSION_NAME,
          BEFORE_EXTENSION_VALUE,
          EXTENSION_VALUE,
          QUOTED,
          QUOTED_PAIR,
          BEHIND_QUOTED ->
          ++extensionBytes <= MAX_EXTENSION_BYTES ? afterExtension(b) : State.MALFORMED;
      case SIZE_LF -> b == '\n' ? afterSize() : State.MALFORMED;
      case CHUNK_CR -> b == '\r' ? State.CHUNK_LF : State.MALFORMED;
      case CHUNK_LF -> {
        if (b != '\n') {
          yield State.MALFORMED;
        }
        beginChunk();
        yield State.CHUNK_SIZE;
      }
      default -> State.MALFORMED;
    };
  }

  private State sizeDigit(byte b) {
    int digit = Ascii.hexDigit(b);
    if (digit >= 0) {
      remaining = remaining << 4 | digit;
      return ++digits <= MAX_SIZE_DIGITS ? State.CHUNK_SIZE : State.MALFORMED;
    }
    if (digits == 0) {
      return State.MALFORMED;
    }
    return behindWord(b, State.BEFORE_EXTENSION);
  }

  /**
   * The next character of {@code *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )}.
   */
  private State afterExtension(byte b) {
    boolean space = b == ' ' || b == '\t';
    boolean token = Ascii.isToken(b);
    return switch (state) {
      case BEFORE_EXTENSION -> space ? state : nextExtension(b);
      case BEFORE_EXTENSION_NAME -> space ? state : token ? State.EXTENSION_NAME : State.MALFORMED;
      case EXTENSION_NAME -> {
        if (token) {
          yield state;
        }
        yield b == '=' ? State.BEFORE_EXTENSION_VALUE : behindWord(b, State.BEHIND_EXTENSION_NAME);
      }
      case BEHIND_EXTENSION_NAME -> {
        if (space) {
          yield state;
        }
        yield b == '=' ? State.BEFORE_EXTENSION_VALUE : nextExtension(b);
      }
      case BEFORE_EXTENSION_VALUE -> {
        if (space) {
          yield state;
        }
        yield b == '"' ? State.QUOTED : token ? State.EXTENSION_VALUE : State.MALFORMED;
      }
      case EXTENSION_VALUE -> token ? state : behindWord(b, State.BEFORE_EXTENSION);
      case BEHIND_QUOTED -> behindWord(b, State.BEFORE_EXTENSION);
      case QUOTED -> quoted(b);
      case QUOTED_PAIR -> Ascii.isFieldValue(b) ? State.QUOTED : State.MALFORMED;
      default -> State.MALFORMED;
    };
  }

  /** What may stand behind a size, a name or a value: white space only if something follows it. */
  private static State behindWord(byte b, State behindSpace) {
    return switch (b) {
      case '\r' -> State.SIZE_LF;
      case ' ', '\t' -> behindSpace;
      default -> nextExtension(b);
    };
  }

  private static State nextExtension(byte b) {
    return b == ';' ? State.BEFORE_EXTENSION_NAME : State.MALFORMED;
  }

  private static State quoted(byte b) {
    return switch (b) {
      case '"' -> State.BEHIND_QUOTED;
      case '\\' -> State.QUOTED_PAIR;
      default -> Ascii.isFieldValue(b) ? State.QUOTED : State.MALFORMED;
    };
  }

  private State afterSize() {
    return remaining > 0 ? State.CHUNK_DATA : State.TRAILERS;
  }

  private void readTrailers(ByteBuf in) {
    if (trailers == null) {
      trailers = new TrailerReader(maxTrailerBytes, maxTrailers);
    }
    state =
        switch (trailers.read(in)) {
          case MORE -> State.TRAILERS;
          case DONE -> State.END;
          case REFUSED -> State.MALFORMED;
        };
  }
}
