using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Connections;

/// <summary>A client that shows every frame in the order in which it came, over TCP or TLS.</summary>
internal sealed class FrameConnection(Stream stream) : IAsyncDisposable
{
    private readonly byte[] _length = new byte[FrameReader.LengthPrefix];
    private uint _lastId;

    public static async Task<FrameConnection> OpenAsync(ChildHost host, bool useTls = false)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, useTls ? host.TlsEndPoint!.Port : host.EndPoint.Port).WaitAsync(Patience.Limit);
        var stream = new NetworkStream(socket, ownsSocket: true);
        if (!useTls)
            return new FrameConnection(stream);
        var tls = new SslStream(stream);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = [new SslApplicationProtocol("swiper/1")],
            RemoteCertificateValidationCallback = static (_, presented, _, _) => presented?.Subject == "CN=Swiper development",
        }).WaitAsync(Patience.Limit);
        return new FrameConnection(tls);
    }

    /// <summary>Sends requests, all in one write, and answers the id of the first.</summary>
    public async Task<uint> SendAsync(Opcode opcode, params WriteValues[] args)
    {
        var first = _lastId + 1;
        byte[] frames = [.. args.SelectMany(one => Wire.Frame(Wire.Request(++_lastId, opcode, one)))];
        await stream.WriteAsync(frames).AsTask().WaitAsync(Patience.Limit);
        return first;
    }

    public async Task<ServerFrame> NextAsync()
    {
        await stream.ReadExactlyAsync(_length).AsTask().WaitAsync(Patience.Limit);
        var content = new byte[BinaryPrimitives.ReadInt32BigEndian(_length)];
        await stream.ReadExactlyAsync(content).AsTask().WaitAsync(Patience.Limit);
        return ServerFrame.Read(content);
    }

    /// <summary>Everything up to the reply, which is the last.</summary>
    public async Task<List<ServerFrame>> AskAsync(Opcode opcode, WriteValues args)
    {
        var id = await SendAsync(opcode, args);
        var frames = new List<ServerFrame>();
        do
            frames.Add(await NextAsync());
        while (frames[^1].Type != Envelope.ReplyType);
        Assert.Equal((id, StatusCode.Ok), (frames[^1].Id, frames[^1].Status));
        return frames;
    }

    /// <summary>Signs in with a token; answers the pushes before the reply, and the reply.</summary>
    public async Task<(List<ServerFrame> Before, ResumeReply Reply)> ResumeAsync(string token, long? lastPushSeq)
    {
        var frames = await AskAsync(Opcode.Resume, (ref args) => new ResumeRequest(token, lastPushSeq).Write(ref args));
        var fields = new FieldReader(frames[^1].Content);
        var reply = ResumeReply.Read(ref fields);
        Assert.Null(fields.Problem);
        return (frames[..^1], reply);
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
