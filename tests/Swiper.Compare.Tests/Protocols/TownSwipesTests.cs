using System.Text;
using System.Text.Json;
using Swiper.Compare.Protocols;
using Swiper.Core.Social;

namespace Swiper.Compare.Tests.Protocols;

public sealed class TownSwipesTests
{
    private static readonly SwipeKind[] Kinds = [SwipeKind.Like, SwipeKind.Dislike];
    private static readonly SwipeTemplate Template = new((uid, sid, kind) => Encoding.ASCII.GetBytes($"[{uid},{sid},{kind}]"));

    [Theory]
    [InlineData(0)]
    [InlineData(0x5a)]
    public void The_numbers_stand_in_their_places(byte mask)
    {
        var template = new SwipeTemplate((uid, sid, kind) => Masked(Encoding.ASCII.GetBytes($"[{uid},{sid},{kind}]"), mask), mask);
        var request = new byte[template.Size];

        template.Write(request, 12345, 7, 3);

        Assert.Equal([12345, 7, 3], JsonSerializer.Deserialize<int[]>(Masked(request, mask))!);
        Assert.Throws<ArgumentOutOfRangeException>(() => template.Write(request, 123456, 7, 3));
    }

    [Fact]
    public void Everybody_swipes_everybody_else_once_and_then_there_is_nobody_left()
    {
        const int people = 10;
        var swipes = new TownSwipes(Template, people, connections: 2, Kinds);

        var made = Enumerable.Range(0, people * (people - 1) / 2)
            .SelectMany(_ => new[] { Swipe(swipes, 0), Swipe(swipes, 1) }).ToArray();

        Assert.Equal(people * (people - 1), made.Select(swipe => (swipe[0], swipe[1])).Distinct().Count());
        Assert.All(made, swipe => Assert.NotEqual(swipe[0], swipe[1]));
        Assert.Throws<InvalidOperationException>(() => Swipe(swipes, 0));
    }

    private static int[] Swipe(TownSwipes swipes, int connection) => JsonSerializer.Deserialize<int[]>(swipes.Next(connection, 1))!;

    private static byte[] Masked(byte[] bytes, byte mask) => [.. bytes.Select(one => (byte)(one ^ mask))];
}
