using Swiper.Core.Accounts;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>The login code of a phone as a row of `codes`.</summary>
internal static class CodeRow
{
    /// <summary>The record, locked until the transaction ends, also where there is none: so tries at the same instant on several hosts all count.</summary>
    public static CodeRecord? FindForUpdate(ShardConnection connection, string phone)
    {
        connection.Execute(
            "INSERT INTO codes (phone, code, sent_at, tries, locked_until) VALUES (@p0, '', 0, 0, 0) ON DUPLICATE KEY UPDATE phone = phone", phone);
        CodeRecord? found = null;
        connection.Query("SELECT code, sent_at, tries, locked_until FROM codes WHERE phone = @p0", [phone], row =>
        {
            if (row.GetInt64(1) > 0)
                found = new CodeRecord(row.GetString(0), row.GetInt64(1), row.GetInt32(2), row.GetInt64(3));
        });
        return found;
    }

    /// <summary>Keeps the record, or deletes it where there is none to keep.</summary>
    public static void Keep(ShardConnection connection, string phone, CodeRecord? record)
    {
        if (record is { } keep)
        {
            connection.Execute(
                "UPDATE codes SET code = @p1, sent_at = @p2, tries = @p3, locked_until = @p4 WHERE phone = @p0",
                phone, keep.Code, keep.SentAt, keep.Tries, keep.LockedUntil);
        }
        else
        {
            connection.Execute("DELETE FROM codes WHERE phone = @p0", phone);
        }
    }
}
