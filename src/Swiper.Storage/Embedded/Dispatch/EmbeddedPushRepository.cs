using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Storage.Embedded.Dispatch;

/// <summary>Stored pushes of the embedded engine.</summary>
internal sealed class EmbeddedPushRepository(EmbeddedEngine engine) : IPushRepository
{
    // A user's pushes are written and sent by one lane.
    public ValueTask<long> ReadLastSeqAsync(long uid) => ValueTask.FromResult(0L);

    public ValueTask<IReadOnlyList<StoredPush>> ReadAfterAsync(long uid, long seq) => new(engine.ShardOf(uid).ReadAsync(
        (Uid: uid, Seq: seq), static IReadOnlyList<StoredPush> (reader, after) =>
        {
            var pushes = new List<StoredPush>();
            var rows = reader.PushesAfter;
            rows.Bind(1, after.Uid);
            rows.Bind(2, after.Seq);
            while (rows.Step())
                pushes.Add(new StoredPush(rows.Int64(0), (Opcode)rows.Int64(1), rows.Int64(2), rows.Int64(3)));
            return pushes;
        }));
}
