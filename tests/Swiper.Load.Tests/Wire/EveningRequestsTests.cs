using Swiper.Core.Protocol;
using Swiper.Load.Scenarios;
using Swiper.Load.Wire;

namespace Swiper.Load.Tests.Wire;

public sealed class EveningRequestsTests
{
    private static readonly long[] People = [.. Enumerable.Range(1, 1000).Select(uid => (long)uid)];

    [Fact]
    public void A_day_of_a_person_is_two_hundred_requests_most_of_them_swipes()
    {
        var requests = new EveningRequests([1, 2], People);

        var day = Enumerable.Range(0, Evening.RequestsPerDay).Select(_ => OpcodeOf(requests.Next(1, 1))).CountBy(op => op).ToDictionary();

        Assert.Equal(200, day.Values.Sum());
        Assert.Equal(112, day[Opcode.Swipe]);
        Assert.Equal(16, day[Opcode.Profile]);
        Assert.Equal(7, day.Count);
    }

    [Fact]
    public void The_ids_of_each_connection_count_up()
    {
        var requests = new EveningRequests([1, 2], People);

        uint[] first = [Id(requests, 0), Id(requests, 0), Id(requests, 1), Id(requests, 0)];

        Assert.Equal([RequestFrame.FirstId, RequestFrame.FirstId + 1, RequestFrame.FirstId, RequestFrame.FirstId + 2], first);
    }

    private static uint Id(EveningRequests requests, int connection) => FramedReplies.IdOfRequest(requests.Next(connection, 1));

    private static Opcode OpcodeOf(ReadOnlySpan<byte> frame)
    {
        var reader = new MessagePackReader(frame[sizeof(uint)..]);
        Assert.True(reader.TryReadArrayHeader(out _) && reader.TryReadInt64(out _) && reader.TryReadInt64(out _));
        Assert.True(reader.TryReadInt64(out var op));
        return (Opcode)op;
    }
}
