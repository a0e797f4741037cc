package io.weir.daemon.cli;

import picocli.CommandLine.Option;

/** {@code --format FORMAT}: for people, or for programs. */
public final class FormatOption {
  @Option(names = "--format", paramLabel = "FORMAT", description = "text or json.")
  private Format format = Format.TEXT;

  /** How an answer is written. */
  enum Format {
    TEXT,
    JSON
  }

  public boolean isJson() {
    return format == Format.JSON;
  }
}
