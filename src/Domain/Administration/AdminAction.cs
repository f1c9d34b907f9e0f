using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AiGateway.Domain;

/// <summary>
/// A row of the audit log: one change of an administrator. Each row contains the hash of the row before it, so a changed or
/// removed row is found. A row is never changed or removed.
/// </summary>
public sealed class AdminAction
{
    /// <summary>Most characters of an action or of a target's kind.</summary>
    public const int MaxWordLength = 50;

    /// <summary>Most characters of a target's id: enough for two names and what joins them.</summary>
    public const int MaxTargetIdLength = (2 * StorableText.NameLength) + MaxWordLength;

    /// <summary>The previous hash of the first row: 32 zero bytes.</summary>
    public static readonly byte[] NoHash = new byte[SHA256.HashSizeInBytes];

    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>1 for the first row; each further row has the next number, without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>When the change was made, in whole milliseconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The user who made the change; null: the system, that is a sub-command or the start.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>How the author reached the gateway.</summary>
    public required ActorVia Via { get; init; }

    /// <summary>The key in use, or that signed in to the console; null: there is none.</summary>
    public Guid? ApiKeyId { get; init; }

    /// <summary>What was done, such as <c>key.create</c>; 1 to 50 characters.</summary>
    public required string Action { get; init; }

    /// <summary>What kind of thing was changed, such as <c>key</c>; 1 to 50 characters.</summary>
    public required string TargetKind { get; init; }

    /// <summary>The changed thing: an id or a name; 1 to 450 characters.</summary>
    public required string TargetId { get; init; }

    /// <summary>The target before the change, as JSON without secrets; null: it did not exist.</summary>
    public string? Before { get; init; }

    /// <summary>The target after the change, as JSON without secrets; null: it exists no longer.</summary>
    public string? After { get; init; }

    /// <summary>The HTTP request; null for the system.</summary>
    public Guid? RequestId { get; init; }

    /// <summary><see cref="Hash"/> of the row before; <see cref="NoHash"/> in the first row.</summary>
    public required byte[] PreviousHash { get; init; }

    /// <summary>SHA-256 of all other members, 32 bytes, as <see cref="ComputeHash"/> makes it.</summary>
    public byte[] Hash { get; private set; } = NoHash;

    /// <summary>Gives the row its hash.</summary>
    public AdminAction Seal()
    {
        Hash = ComputeHash();
        return this;
    }

    /// <summary>
    /// The hash that the members give: SHA-256 of the previous hash and each other member as a netstring, in the order of
    /// docs/audit.md. A netstring is the length in bytes, a colon, the UTF-8 text and a comma; null is a hyphen and a comma.
    /// </summary>
    public byte[] ComputeHash()
    {
        var form = new StringBuilder();
        string?[] members =
        [
            Convert.ToHexStringLower(PreviousHash), Text(Sequence), Text(Id), Text(At.ToUnixTimeMilliseconds()), Text(ActorId), NameOf(Via),
            Text(ApiKeyId), Action, TargetKind, TargetId, Before, After, Text(RequestId),
        ];
        foreach (var member in members)
        {
            if (member is null) form.Append("-,");
            else form.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(member)}:{member},");
        }

        return SHA256.HashData(Encoding.UTF8.GetBytes(form.ToString()));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? Text(Guid? id) => id?.ToString("D");

    private static string NameOf(ActorVia via) => via switch
    {
        ActorVia.Key => "key",
        ActorVia.Token => "token",
        ActorVia.Development => "development",
        ActorVia.Cli => "cli",
        ActorVia.Start => "start",
        ActorVia.Console => "console",
        _ => Text((long)via),
    };
}
