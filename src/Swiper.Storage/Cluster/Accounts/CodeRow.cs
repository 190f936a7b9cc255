using Swiper.Core.Accounts;
using Swiper.Storage.Accounts;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>The login codes of a phone as a row of `codes`.</summary>
internal static class CodeRow
{
    /// <summary>
    /// The codes, locked until the transaction ends, even if there are none, so that concurrent tries on several hosts all count.
    /// </summary>
    public static PhoneCodes FindForUpdate(ShardConnection connection, string phone)
    {
        connection.Execute(
            "INSERT INTO codes (phone, code, sent_at, tries, locked_until) VALUES (@p0, '', 0, 0, 0) "
            + "ON DUPLICATE KEY UPDATE phone = phone",
            phone);
        var found = PhoneCodes.None;
        connection.Query("SELECT code, sent_at, tries, locked_until, sent FROM codes WHERE phone = @p0", [phone], row =>
        {
            if (row.GetInt64(1) > 0)
            {
                var sent = row.IsDBNull(4) ? null : row.GetString(4);
                found = SentCodes.Read(row.GetString(0), row.GetInt64(1), row.GetInt32(2), row.GetInt64(3), sent);
            }
        });
        return found;
    }

    /// <summary>Writes the codes back, or deletes the row if nothing is left to keep: it may exist only to be locked.</summary>
    public static void Keep(ShardConnection connection, string phone, PhoneCodes found, PhoneCodes keep)
    {
        if (keep.IsEmpty)
        {
            connection.Execute("DELETE FROM codes WHERE phone = @p0", phone);
        }
        else if (!ReferenceEquals(keep, found))
        {
            connection.Execute(
                "UPDATE codes SET code = '', sent_at = @p1, tries = @p2, locked_until = @p3, sent = @p4 WHERE phone = @p0",
                phone, keep.ChangedAt, keep.Tries, keep.LockedUntil, SentCodes.Write(keep));
        }
    }
}
