using System.Security.Cryptography;
using System.Text;

namespace AiGateway.Domain.Tests;

/// <summary>The hash of a row of the audit log. An operator's script must be able to recompute it for years, so its form is fixed.</summary>
public sealed class AdminActionTests
{
    private static readonly Guid Id = new("0193A000-0000-7000-8000-0000000000AA");
    private static readonly string Zeros = new('0', 64);

    [Test]
    public void Hash_OfAllMembers_IsTheSha256OfTheirNetstrings()
    {
        var row = NewRow("key.create", "key");

        Assert.That(row.Hash, Is.EqualTo(SHA256.HashData(Encoding.UTF8.GetBytes(
            $"64:{Zeros},1:7,36:0193a000-0000-7000-8000-0000000000aa,13:1763985600123,36:0193a000-0000-7000-8000-0000000000aa,3:key,"
            + "36:0193a000-0000-7000-8000-0000000000aa,10:key.create,3:key,1:1,-,13:{\"name\":\"ö\"},36:0193a000-0000-7000-8000-0000000000aa,"))));
    }

    [Test]
    public void Hash_WhenACharacterMovesToTheNextMember_Differs() =>
        Assert.That(NewRow("key.createk", "ey").Hash, Is.Not.EqualTo(NewRow("key.create", "key").Hash));

    [TestCase(ActorVia.Key, "key")]
    [TestCase(ActorVia.Token, "token")]
    [TestCase(ActorVia.Development, "development")]
    [TestCase(ActorVia.Cli, "cli")]
    [TestCase(ActorVia.Start, "start")]
    [TestCase(ActorVia.Console, "console")]
    [TestCase((ActorVia)99, "99")]
    public void Hash_ForEachVia_NamesIt(ActorVia via, string name)
    {
        var row = new AdminAction
        {
            Id = Id,
            Sequence = 1,
            At = DateTimeOffset.UnixEpoch,
            Via = via,
            Action = "a",
            TargetKind = "k",
            TargetId = "t",
            PreviousHash = AdminAction.NoHash,
        };

        Assert.That(row.ComputeHash(), Is.EqualTo(SHA256.HashData(Encoding.UTF8.GetBytes(
            $"64:{Zeros},1:1,36:{Id},1:0,-,{name.Length}:{name},-,1:a,1:k,1:t,-,-,-,"))));
    }

    private static AdminAction NewRow(string action, string targetKind) => new AdminAction
    {
        Id = Id,
        Sequence = 7,
        At = new DateTimeOffset(2025, 11, 24, 12, 0, 0, 123, TimeSpan.Zero).AddTicks(4),
        ActorId = Id,
        Via = ActorVia.Key,
        ApiKeyId = Id,
        Action = action,
        TargetKind = targetKind,
        TargetId = "1",
        Before = null,
        After = "{\"name\":\"ö\"}",
        RequestId = Id,
        PreviousHash = AdminAction.NoHash,
    }.Seal();
}
