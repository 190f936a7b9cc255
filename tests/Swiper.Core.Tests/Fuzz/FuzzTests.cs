using System.Buffers;
using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Bench.Hosting;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Tests.Dispatch;
using Swiper.Core.Tests.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Core.Tests.Fuzz;

/// <summary>Whatever bytes arrive: nothing throws, and what is answered is whole.</summary>
public sealed class FuzzTests
{
    [Fact]
    public async Task Hostile_frames_get_whole_replies_with_their_ids_or_are_refused()
    {
        var table = AllSlices.Table();
        var opcodes = table.Endpoints.Select(endpoint => (ushort)endpoint.Opcode).ToArray();
        var declared = table.Endpoints.ToDictionary(
            endpoint => (int)endpoint.Opcode, endpoint => endpoint.Descriptor.AllFailures.Append(StatusCode.Ok).ToHashSet());
        var dispatcher = new Dispatcher(table, PermissionPolicy.GrantAll, new NoLimiter(), NullLogger<Dispatcher>.Instance);
        var connection = new TestConnection(pipeRoom: 1 << 24, maxInFlight: int.MaxValue);
        var output = new ArrayBufferWriter<byte>(1 << 16);
        var waiting = new Dictionary<uint, int>();
        var nextOpcode = 0;
        var (valid, answered) = (0, 0);

        FuzzRun.Run(FuzzRun.Cases, AllSlices.Requests(table), () => opcodes[nextOpcode++ % opcodes.Length], (number, bytes) =>
        {
            ReadAsEverything(bytes);
            if (number % 64 == 0)
                connection.Session.Exchange(number % 128 == 0 ? new Identity(number + 1, 1, long.MaxValue) : null);
            if (number % 1024 == 0)
                TakeDeferred();

            var isRequest = Envelope.TryReadRequest(bytes, out var id, out var opcode, out _);
            output.ResetWrittenCount();
            var frames = new FrameWriter(output);
            Dispatched dispatched;
            while ((dispatched = dispatcher.Dispatch(connection.Session, bytes, ref frames)) == Dispatched.Waits)
                connection.Session.WhenMayBeginAsync().AsTask().Wait();
            Check(isRequest == (dispatched == Dispatched.Done), "refused what is a request, or took what is none");
            frames.Flush();
            if (!isRequest)
            {
                Check(output.WrittenCount == 0, "answered what is no request");
                return;
            }
            valid++;
            if (output.WrittenCount == 0)
            {
                waiting[id] = waiting.GetValueOrDefault(id) + 1;
                return;
            }
            answered++;
            var reply = OnlyFrame(output.WrittenSpan);
            Check(reply.Type == Envelope.ReplyType && reply.Id == id, "a reply to another request");
            Check(reply.Status != StatusCode.InternalError, "a fault of the server");
            Check(
                declared.TryGetValue(opcode, out var codes) ? codes.Contains(reply.Status) : reply.Status == StatusCode.UnknownOpcode,
                "a code that the descriptor does not list");
        });

        await connection.Session.InFlight.WhenIdleAsync();
        TakeDeferred();
        Assert.Empty(waiting);
        // The cases must not all be refused at the door, or nothing behind it was tested.
        Assert.True(valid > FuzzRun.Cases / 10 && answered > FuzzRun.Cases / 20, $"{valid} requests, {answered} answered at once");

        void TakeDeferred()
        {
            foreach (var reply in connection.Received())
            {
                Check(reply.Status != StatusCode.InternalError, "a fault of the server");
                Check(waiting.TryGetValue(reply.Id, out var count), $"a reply to {reply.Id}, which does not wait");
                if (count == 1)
                    waiting.Remove(reply.Id);
                else
                    waiting[reply.Id] = count - 1;
            }
        }
    }

    [Fact]
    public void Hostile_args_are_read_without_a_fault_by_every_payload()
    {
        var payloads = PayloadTests.All.Where(type => !type.IsByRefLike).ToList();
        var honest = payloads.SelectMany(PayloadSamples.Encoded).ToList();
        var reads = payloads.Select(PayloadReads.Of).ToArray();
        FuzzRun.Run(FuzzRun.Cases / 5, honest, opcode: null, (number, bytes) =>
        {
            // Payloads are read from whole values only: the envelope has seen to that.
            var reader = new MessagePackReader(bytes);
            if (!reader.TryReadRaw(out var value))
                return;
            var array = value.ToArray();
            foreach (var read in reads)
                read(array);
        });
    }

    [Fact]
    public void Streams_of_hostile_bytes_give_the_same_frames_however_they_are_cut()
    {
        const int MaxFrame = 100;
        var table = AllSlices.Table();
        var honest = AllSlices.Requests(table).Select(request => (byte[])[.. Wire.Frame(request), .. Wire.Frame(request)]).ToList();
        FuzzRun.Run(FuzzRun.Cases / 20, honest, opcode: null, (number, bytes) =>
        {
            var stream = bytes.ToArray();
            var whole = new FrameReader(new ReadOnlySequence<byte>(stream), MaxFrame);
            var cuts = new[] { (int)(number % (stream.Length + 1)), 0 };
            cuts[1] = (stream.Length - cuts[0]) / 2;
            using var cut = new FrameReader(Wire.Segmented(stream, cuts), MaxFrame);
            FrameStatus status;
            do
            {
                status = whole.Read(out var frame);
                Check(cut.Read(out var sameFrame) == status, "another status");
                Check(frame.SequenceEqual(sameFrame), "another frame");
            }
            while (status == FrameStatus.Frame);
            whole.Dispose();
        });
    }

    private static void ReadAsEverything(ReadOnlySpan<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        var skips = reader.TrySkip();
        Check(skips == reader.Consumed > 0, "moved without success");
        var raw = new MessagePackReader(bytes);
        Check(raw.TryReadRaw(out var value) == skips && value.Length == reader.Consumed, "raw and skip differ");

        var typed = new MessagePackReader(bytes);
        var read = typed.TryReadNil() || typed.TryReadBoolean(out _) || typed.TryReadInt64(out _) || typed.TryReadDouble(out _)
            || typed.TryReadString(out _) || typed.TryReadBinary(out _) || typed.TryReadExtension(out _, out _);
        Check(read == typed.Consumed > 0, "moved without success");
        Check(!read || (skips && typed.Consumed == reader.Consumed), "a scalar that is not passed the same");
        if (!read && (typed.TryReadArrayHeader(out var count) || typed.TryReadMapHeader(out count)))
            Check(count <= typed.Remaining, "a count of more than is left");
    }

    private static ServerFrame OnlyFrame(ReadOnlySpan<byte> sent)
    {
        var frames = Wire.ReadAll(sent);
        Check(frames.Count == 1, "not one reply");
        return frames[0];
    }

    // Assert builds its messages' arguments first, which a million cases feel.
    private static void Check(bool holds, string otherwise)
    {
        if (!holds)
            Assert.Fail(otherwise);
    }
}
