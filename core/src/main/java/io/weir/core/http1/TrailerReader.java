package io.weir.core.http1;

import io.weir.core.http.Fields;

/** Reads the trailers of a chunked body: field lines up to an empty one. */
final class TrailerReader extends HeadReader {
  private final Fields fields;

  TrailerReader(int maxBytes, int maxFields) {
    this(new Fields());
    restart(maxBytes, maxFields);
  }

  private TrailerReader(Fields fields) {
    super(fields);
    this.fields = fields;
  }

  Fields fields() {
    return fields;
  }

  @Override
  int startLine(byte[] bytes, int from, int end) {
    return from; // there is none
  }
}
