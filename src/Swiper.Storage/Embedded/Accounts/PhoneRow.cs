namespace Swiper.Storage.Embedded.Accounts;

/// <summary>The owner of a phone number, as a row of `phones`.</summary>
internal static class PhoneRow
{
    /// <summary>The uid of the number. A new number gets the offered uid.</summary>
    public static long FindOrInsert(ShardWriter writer, string phone, long offeredUid)
    {
        writer.FindPhone.BindText(1, phone);
        if (writer.FindPhone.Step())
        {
            var uid = writer.FindPhone.Int64(0);
            writer.FindPhone.Reset();
            return uid;
        }
        writer.InsertPhone.BindText(1, phone);
        writer.InsertPhone.Bind(2, offeredUid);
        writer.InsertPhone.Run();
        return offeredUid;
    }
}
