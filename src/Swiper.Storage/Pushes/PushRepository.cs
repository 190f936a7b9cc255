using Dapper;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Indexes;
using Swiper.Storage.Records;

namespace Swiper.Storage.Pushes;

/// <summary>The pushes that <see cref="RecordSession.PushAsync"/> and the swipes' own statements have written.</summary>
internal sealed class PushRepository(IRecords records, BlockIndex blocks, TimeProvider clock) : IPushRepository
{
    private const string LastSeq = "SELECT seq FROM push_seqs WHERE uid = @uid";

    public ValueTask<long> ReadLastSeqAsync(long uid) =>
        records.ReadAsync(uid, connection => connection.ExecuteScalarAsync<long>(LastSeq, new { uid }));

    public ValueTask<KeptPushes> ReadAfterAsync(long uid, long seq)
    {
        var from = clock.NowMs() - (long)IPushRepository.KeptFor.TotalMilliseconds;
        return records.ReadAsync(uid, async connection =>
        {
            var lastSeq = await connection.ExecuteScalarAsync<long>(LastSeq, new { uid }).ConfigureAwait(false);
            var newestFirst = await connection.QueryAsync<(long Seq, int Op, long Subject, long At, byte[]? Data)>(
                $"""
                SELECT seq, op, subject, at, data FROM pushes WHERE uid = @uid AND seq > @seq AND at >= @from
                ORDER BY seq DESC LIMIT {IPushRepository.Kept}
                """,
                new { uid, seq, from }).ConfigureAwait(false);
            // What is left out here counts as no longer kept. A push without data is about a person.
            return new KeptPushes(lastSeq, [.. newestFirst.Reverse()
                .Where(push => push.Data is not null || !blocks.AreBlocked(uid, push.Subject))
                .Select(push => new StoredPush(push.Seq, (Opcode)push.Op, push.Subject, push.At, push.Data))]);
        });
    }
}
