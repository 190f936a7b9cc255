using System.Text;
using Swiper.Compare.Protocols;

namespace Swiper.Compare.Tests.Protocols;

public sealed class HttpRepliesTests
{
    private const string WithLength = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nDate: Sat, 21 Nov 2026 14:57:13 GMT\r\n\r\nhello";
    private const string InChunks =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n\r\n5\r\nhello\r\nB\r\n 0\r\n\r\nworld\r\n0\r\n\r\n";
    private const string Empty = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [Fact]
    public void Replies_are_counted_wherever_they_are_cut()
    {
        var bytes = Encoding.ASCII.GetBytes(WithLength + InChunks + Empty + InChunks + WithLength);

        Assert.Equal(5, Cutting.CountCutAnywhere(() => new HttpReplies(), bytes));
        Assert.Equal(5, Cutting.CountByteByByte(new HttpReplies(), bytes));
    }

    [Theory]
    [InlineData(WithLength, "hello")]
    [InlineData(InChunks, "hello 0\r\n\r\nworld")]
    [InlineData(Empty, "")]
    public void The_body_is_what_the_server_wrote(string reply, string body) =>
        Assert.Equal(body, Encoding.ASCII.GetString(HttpReplies.BodyOf(Encoding.ASCII.GetBytes(reply))));

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "400 Bad Request")]
    [InlineData("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", "500")]
    [InlineData("HTTP/1.1 200 OK\r\nServer: x\r\n\r\n", "without a length")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", "without a length")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "invalid size")]
    public void What_is_no_success_ends_the_measurement(string reply, string why)
    {
        var thrown = Assert.Throws<InvalidDataException>(() => new HttpReplies().Count(Encoding.ASCII.GetBytes(reply), out _));

        Assert.Contains(why, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_without_an_end_is_not_waited_for_forever() =>
        Assert.Throws<InvalidDataException>(() => new HttpReplies().Count(new byte[10_000], out _));
}
