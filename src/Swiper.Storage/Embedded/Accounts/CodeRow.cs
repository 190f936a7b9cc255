using Swiper.Core.Accounts;

namespace Swiper.Storage.Embedded.Accounts;

/// <summary>The login code of a phone as a row of `codes`.</summary>
internal static class CodeRow
{
    public static CodeRecord? Find(ShardWriter writer, string phone)
    {
        var find = writer.FindCode;
        find.BindText(1, phone);
        if (!find.Step())
            return null;
        var record = new CodeRecord(find.Text(0), find.Int64(1), (int)find.Int64(2), find.Int64(3));
        find.Reset();
        return record;
    }

    /// <summary>Keeps the record, or deletes it where there is none to keep.</summary>
    public static void Keep(ShardWriter writer, string phone, CodeRecord? record)
    {
        if (record is not { } keep)
        {
            writer.DeleteCode.BindText(1, phone);
            writer.DeleteCode.Run();
            return;
        }
        var put = writer.PutCode;
        put.BindText(1, phone);
        put.BindText(2, keep.Code);
        put.Bind(3, keep.SentAt);
        put.Bind(4, keep.Tries);
        put.Bind(5, keep.LockedUntil);
        put.Run();
    }
}
