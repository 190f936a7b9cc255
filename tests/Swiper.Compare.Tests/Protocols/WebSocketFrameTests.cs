using System.Net.WebSockets;
using System.Text;
using Swiper.Compare.Protocols;

namespace Swiper.Compare.Tests.Protocols;

public sealed class WebSocketFrameTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(5000)]
    public async Task A_server_reads_what_was_sent(int length)
    {
        var text = new string('t', length);
        using var server = WebSocket.CreateFromStream(
            new MemoryStream(WebSocketFrame.OfText(Encoding.ASCII.GetBytes(text), mask: 0x5a)), new WebSocketCreationOptions
            {
                IsServer = true,
            });
        var buffer = new byte[8192];

        var (read, isWhole) = (0, false);
        while (!isWhole)
        {
            var message = await server.ReceiveAsync(buffer.AsMemory(read), TestContext.Current.CancellationToken);
            Assert.Equal(WebSocketMessageType.Text, message.MessageType);
            (read, isWhole) = (read + message.Count, message.EndOfMessage);
        }

        Assert.Equal(text, Encoding.ASCII.GetString(buffer, 0, read));
    }
}
