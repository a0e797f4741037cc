package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;
import io.weir.core.http.LocalResponse;
import io.weir.core.http.NameSet;
import io.weir.core.http.ResponseHead;
import io.weir.core.http.WebSocketKey;
import io.weir.core.worker.HttpDate;

/** Writes heads and trailers of responses as field blocks. Confined to its loop. */
final class HeadEncoder extends BlockEncoder {
  /** {@code :status} in the static table. */
  private static final int STATUS = 8;

  /** {@code Date: } and the CRLF of the line that the worker keeps. */
  private static final int DATE_VALUE = 6;

  private static final int CRLF = 2;

  private final HttpDate date;

  HeadEncoder(HttpDate date) {
    this.date = date;
  }

  void response(ResponseHead head, ByteBuf out) {
    status(head.status(), out);
    Fields fields = head.fields();
    fields(fields, NameSet.NOT_IN_RESPONSES, out);
    if (!head.isInterim() && fields.find(FieldName.DATE, 0) < 0) {
      date(out);
    }
  }

  /** The head of a response that says 101 on HTTP/1, and 200 here (RFC 8441 section 5). */
  void switched(ResponseHead head, ByteBuf out) {
    status(200, out);
    Fields fields = head.fields();
    for (int i = 0; i < fields.count(); i++) {
      if (fields.isNamed(i, WebSocketKey.ACCEPT_NAME)) {
        fields.remove(i);
      }
    }
    fields(fields, NameSet.NOT_IN_RESPONSES, out);
    if (fields.find(FieldName.DATE, 0) < 0) {
      date(out);
    }
  }

  /** The head of a response of ours. */
  void local(LocalResponse response, ByteBuf out) {
    status(response.status(), out);
    lines(response.lines(), out);
    date(out);
    if (response.status() != 204 && response.status() != 304) {
      contentLength(response.bodyLength(), out);
    }
  }

  private void status(int status, ByteBuf out) {
    begin(out);
    int known =
        switch (status) {
          case 200 -> 8;
          case 204 -> 9;
          case 206 -> 10;
          case 304 -> 11;
          case 400 -> 12;
          case 404 -> 13;
          case 500 -> 14;
          default -> 0;
        };
    if (known > 0) {
      indexed(known, out);
      return;
    }
    out.writeByte(STATUS);
    out.writeByte(3);
    out.writeByte('0' + status / 100);
    out.writeByte('0' + status / 10 % 10);
    out.writeByte('0' + status % 10);
  }

  private void date(ByteBuf out) {
    byte[] line = date.line();
    value(DATE, line, DATE_VALUE, line.length - CRLF, out);
  }
}
