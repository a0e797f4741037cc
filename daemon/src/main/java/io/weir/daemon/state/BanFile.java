package io.weir.daemon.state;

import io.weir.firewall.ban.Ban;
import io.weir.firewall.ban.BanLines;
import io.weir.firewall.ban.BanTable;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Iterator;

/** The bans as a text file, one a line. */
final class BanFile {
  private static final String HEAD = "# Bans: address, beginning, end, how often in a row, reason.";

  private final Path file;

  BanFile(Path folder) {
    file = folder.resolve("bans");
  }

  Path path() {
    return file;
  }

  /** The content is not what {@link #write} writes. */
  static final class Broken extends Exception {
    private static final long serialVersionUID = 1;

    Broken(String message) {
      super(message);
    }
  }

  /**
   * Adds the bans of the file, if there is one, to a table; how many hold.
   *
   * @throws Broken with the table half filled
   */
  int read(BanTable into, long epochMillis) throws IOException, Broken {
    if (!Files.exists(file)) {
      return 0;
    }
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      return into.restore(new Lines(reader), epochMillis);
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof MalformedInputException) {
        throw new Broken(file + ": not a text");
      }
      throw e.getCause();
    } catch (BrokenLine e) {
      throw new Broken(file + ":" + e.number + ": not a ban: \"" + e.shown() + '"');
    }
  }

  /** Puts a broken file where it and those before it are in nobody's way; the new place. */
  Path setAside() throws IOException {
    Path aside = file.resolveSibling("bans.broken");
    for (int n = 2; Files.exists(aside, LinkOption.NOFOLLOW_LINKS); n++) {
      aside = file.resolveSibling("bans.broken." + n);
    }
    return Files.move(file, aside);
  }

  /**
   * Does nothing but what begins every writing.
   *
   * @throws IOException saying why it could not be written
   */
  void tryToWrite() throws IOException {
    Files.write(next(), new byte[0]);
    Files.delete(next());
  }

  private Path next() {
    return file.resolveSibling("bans.next");
  }

  /** Replaces the file as a whole: whoever reads it, now or after a crash, has all or the old. */
  void write(BanTable bans, long epochMillis) throws IOException {
    WholeFile.replace(
        file,
        next(),
        out -> {
          BufferedWriter writer =
              new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8.newEncoder()));
          try {
            line(writer, HEAD);
            bans.forEachKnown(epochMillis, ban -> line(writer, BanLines.write(ban)));
          } catch (UncheckedIOException e) {
            throw e.getCause();
          }
          writer.flush();
        });
  }

  private static void line(BufferedWriter writer, String text) {
    try {
      writer.write(text);
      writer.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class BrokenLine extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int SHOWN = 80; // characters

    private final int number;
    private final String text;

    BrokenLine(int number, String text) {
      this.number = number;
      this.text = text;
    }

    String shown() {
      return text.substring(0, Math.min(SHOWN, text.length())).replaceAll("\\p{Cntrl}", "?");
    }
  }

  /** Bans as they are read, so that no more than one is there at a time. */
  private static final class Lines implements Iterator<Ban> {
    private final BufferedReader reader;
    private String line = "";
    private int number;

    Lines(BufferedReader reader) {
      this.reader = reader;
    }

    @Override
    public boolean hasNext() {
      try {
        String next = reader.readLine();
        number++;
        while (next != null && (next.isBlank() || next.startsWith("#"))) {
          next = reader.readLine();
          number++;
        }
        line = next == null ? "" : next;
        return next != null;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Follows one {@link #hasNext}. */
    @Override
    public Ban next() {
      Ban ban = BanLines.read(line);
      if (ban == null) {
        throw new BrokenLine(number, line);
      }
      return ban;
    }
  }
}
