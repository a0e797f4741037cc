package io.weir.daemon.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The forms of answer that the admin endpoint gives. */
final class AdminResponses {
  private static final JsonFactory JSON = new JsonFactory();

  private AdminResponses() {}

  /** Writes the members of an object. */
  interface JsonBody {
    void write(JsonGenerator json) throws IOException;
  }

  static FullHttpResponse json(JsonBody body) {
    return json(HttpResponseStatus.OK, "application/json", body);
  }

  static FullHttpResponse json(HttpResponseStatus status, JsonBody body) {
    return json(status, "application/json", body);
  }

  /** A form of another site can post anything but JSON without asking first. */
  static FullHttpResponse notJson() {
    return problem(
        HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json");
  }

  /** An error in the form of RFC 9457. */
  static FullHttpResponse problem(HttpResponseStatus status, String detail) {
    return problem(status, detail, json -> {});
  }

  static FullHttpResponse problem(HttpResponseStatus status, String detail, JsonBody more) {
    return json(
        status,
        "application/problem+json",
        json -> {
          json.writeStringField("title", status.reasonPhrase());
          json.writeNumberField("status", status.code());
          json.writeStringField("detail", detail);
          more.write(json);
        });
  }

  static FullHttpResponse text(HttpResponseStatus status, String text) {
    byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
    return bytes(status, "text/plain; charset=utf-8", Unpooled.wrappedBuffer(bytes));
  }

  static FullHttpResponse bytes(HttpResponseStatus status, String type, ByteBuf content) {
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, type)
        .set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes())
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("x-content-type-options", "nosniff");
    return response;
  }

  private static FullHttpResponse json(HttpResponseStatus status, String type, JsonBody body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      body.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return bytes(status, type, Unpooled.wrappedBuffer(out.toByteArray()));
  }
}
