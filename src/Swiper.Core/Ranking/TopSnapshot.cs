using Swiper.Core.Protocol;

namespace Swiper.Core.Ranking;

/// <summary>The top of a board at one moment, encoded once for all who ask.</summary>
internal sealed class TopSnapshot
{
    private readonly byte[] _encoded;
    private readonly int[] _ends;

    public TopSnapshot(IReadOnlyList<BoardPerson> people, long timestamp)
    {
        Timestamp = timestamp;
        _ends = new int[people.Count];
        var writer = new MessagePackWriter(stackalloc byte[4096]);
        try
        {
            for (var index = 0; index < people.Count; index++)
            {
                people[index].Write(ref writer);
                _ends[index] = writer.Written.Length;
            }
            _encoded = writer.Written.ToArray();
        }
        finally
        {
            writer.Dispose();
        }
    }

    /// <summary>When it began to be taken, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long Timestamp { get; }

    public int Count => _ends.Length;

    /// <summary>The first <paramref name="count"/> people, without an array header.</summary>
    public ReadOnlySpan<byte> Encoded(int count) => count == 0 ? default : _encoded.AsSpan(0, _ends[count - 1]);
}
