using System.Text.Json;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Accounts;

public sealed class ProfileFieldListTests
{
    private static readonly DateOnly Today = new(2026, 1, 1);

    [Fact]
    public void What_users_see_of_themselves_is_listed()
    {
        var written = Written(ProfileView.OfOneself(Profile.New(7, "+4915112345678", now: 0)));

        Assert.Equal(Listed(field => field.Seen is ProfileFieldSeen.ByAll or ProfileFieldSeen.ByOneself), written);
    }

    [Fact]
    public void What_users_see_of_others_is_listed()
    {
        var written = Written(ProfileView.OfOther(Profile.New(7, "+4915112345678", now: 0), Today, matched: false));

        Assert.Equal(Listed(field => field.Seen is ProfileFieldSeen.ByAll or ProfileFieldSeen.ByOthers), written);
    }

    [Fact]
    public void What_may_be_changed_is_listed()
    {
        // A place is removed by its own two fields.
        var changeable = typeof(ProfileChange).GetProperties().Where(property => property.Name != nameof(ProfileChange.RemovePlace))
            .Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));

        Assert.Equal(Listed(field => field.MayBeChanged), changeable.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Update_profile_takes_the_listed_fields_and_refuses_the_others()
    {
        foreach (var field in ProfileFieldList.All)
        {
            if (field.MayBeChanged)
                Assert.NotEqual(new ProfileChange(), Read(field.Name));
            else
                Assert.Equal($"{field.Name}: can't be changed", Refusal(field.Name));
        }
        Assert.Equal("shoe_size: no such field", Refusal("shoe_size"));
    }

    [Fact]
    public void The_listed_bounds_are_those_of_update_profile()
    {
        foreach (var field in ProfileFieldList.All.Where(field => field.MayBeChanged))
        {
            if (field is { Min: { } min, Max: { } max })
            {
                Assert.Null(ProblemOf(field.Name, (ref writer) => writer.WriteInt64(min)));
                Assert.Null(ProblemOf(field.Name, (ref writer) => writer.WriteInt64(max)));
                Assert.NotNull(ProblemOf(field.Name, (ref writer) => writer.WriteInt64(min - 1)));
                Assert.NotNull(ProblemOf(field.Name, (ref writer) => writer.WriteInt64(max + 1)));
            }
            if (field is { MaxBytes: { } bytes })
            {
                Assert.Null(ProblemOf(field.Name, (ref writer) => WriteText(ref writer, field, bytes)));
                Assert.Equal(
                    $"{field.Name}: longer than {bytes} bytes",
                    ProblemOf(field.Name, (ref writer) => WriteText(ref writer, field, bytes + 1)));
            }
            if (field is { MaxCount: { } count })
            {
                Assert.Null(ProblemOf(field.Name, (ref writer) => WriteTexts(ref writer, count)));
                Assert.Equal($"{field.Name}: more than {count}", ProblemOf(field.Name, (ref writer) => WriteTexts(ref writer, count + 1)));
            }
            Assert.Equal(field.MinBytes > 0, ProblemOf(field.Name, (ref writer) => writer.WriteString("")) == $"{field.Name}: is empty");
        }

        static void WriteText(ref MessagePackWriter writer, ProfileFieldDescription field, int bytes)
        {
            if (field.MaxCount is not null)
                writer.WriteArrayHeader(1);
            writer.WriteString(new string('x', bytes));
        }

        static void WriteTexts(ref MessagePackWriter writer, int count)
        {
            writer.WriteArrayHeader(count);
            for (var index = 0; index < count; index++)
                writer.WriteString("x");
        }
    }

    private static IEnumerable<string> Listed(Predicate<ProfileFieldDescription> which) =>
        ProfileFieldList.All.Where(field => which(field)).Select(field => field.Name).Order(StringComparer.Ordinal);

    private static List<string> Written(ProfileView view)
    {
        var reader = new MessagePackReader(Wire.Write((ref writer) => ProfileViewFormat.Write(ref writer, view)));
        var names = new List<string>();
        Assert.True(reader.TryReadMapHeader(out var count));
        for (var index = 0; index < count; index++)
        {
            Assert.True(reader.TryReadString(out var name));
            names.Add(System.Text.Encoding.UTF8.GetString(name));
            Assert.True(reader.TryReadRaw(out _));
        }
        Assert.Equal(0, reader.Remaining);
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private static string? ProblemOf(string field, WriteValues write)
    {
        var value = new FieldReader(Wire.Write((ref writer) =>
        {
            writer.WriteArrayHeader(1);
            write(ref writer);
        }));
        ProfileFields.Read(field, ref value, new ProfileChange());
        return value.Problem;
    }

    private static ProfileChange Read(string field)
    {
        var (change, problem) = TryRead(field);
        Assert.Null(problem);
        return change;
    }

    private static string? Refusal(string field) => TryRead(field).Problem;

    // A value of the field's own type, as an array of one.
    private static (ProfileChange Change, string? Problem) TryRead(string field)
    {
        var value = new FieldReader(Wire.Write((ref writer) =>
        {
            writer.WriteArrayHeader(1);
            switch (field)
            {
                case "sex" or "dating_sex": writer.WriteString("F"); break;
                case "birthday": writer.WriteString("2000-02-29"); break;
                case "lat" or "lon": writer.WriteDouble(1.5); break;
                case "avatars": writer.WriteArrayHeader(0); break;
                case "min_distance" or "max_distance" or "min_age" or "max_age": writer.WriteInt64(20); break;
                case "only_matched" or "vibration" or "auto_play": writer.WriteBoolean(true); break;
                default: writer.WriteString("text"); break;
            }
        }));
        var change = ProfileFields.Read(field, ref value, new ProfileChange());
        return (change, value.Problem);
    }
}
