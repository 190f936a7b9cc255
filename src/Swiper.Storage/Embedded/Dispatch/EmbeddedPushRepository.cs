using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Storage.Embedded.Dispatch;

/// <summary>Stored pushes of the embedded engine.</summary>
internal sealed class EmbeddedPushRepository(EmbeddedEngine engine) : IPushRepository
{
    public ValueTask<long> ReadLastSeqAsync(long uid) => new(engine.ShardOf(uid).ReadAsync(uid, LastSeq));

    public ValueTask<KeptPushes> ReadAfterAsync(long uid, long seq) => new(engine.ShardOf(uid).ReadAsync(
        (Uid: uid, Seq: seq), static (reader, after) =>
        {
            var lastSeq = LastSeq(reader, after.Uid);
            var pushes = new List<StoredPush>();
            var rows = reader.PushesAfter;
            rows.Bind(1, after.Uid);
            rows.Bind(2, after.Seq);
            while (rows.Step())
                pushes.Add(new StoredPush(rows.Int64(0), (Opcode)rows.Int64(1), rows.Int64(2), rows.Int64(3)));
            return new KeptPushes(lastSeq, pushes);
        }));

    private static long LastSeq(ShardReader reader, long uid)
    {
        var row = reader.LastPushSeq;
        row.Bind(1, uid);
        row.Step();
        var seq = row.Int64(0); // the maximum of nothing is null, which reads as 0
        row.Reset();
        return seq;
    }
}
