using System.Text.Json;
using AiGateway.Application.Administration;
using AiGateway.Domain;

namespace AiGateway.Api.Contracts;

/// <summary>One page of the audit log, newest first.</summary>
/// <param name="Items">The changes.</param>
/// <param name="Next">Give this as <c>next</c> to get the following page; null: this is the last one.</param>
public sealed record AuditListResponse(IReadOnlyList<AuditItemResponse> Items, long? Next);

/// <summary>A change of an administrator: a row of the audit log.</summary>
/// <param name="Sequence">1 for the first row; each further row has the next number, without gaps.</param>
/// <param name="Id">Its own id.</param>
/// <param name="At">When the change was made.</param>
/// <param name="Actor">The id of the user who made it; <c>system</c> for a sub-command and the first start.</param>
/// <param name="Via"><c>key</c>, <c>token</c>, <c>development</c> (no credentials), <c>cli</c> (a sub-command), <c>start</c> (the first start) or <c>console</c>.</param>
/// <param name="ApiKeyId">The key that was used; null where <c>via</c> is not <c>key</c>.</param>
/// <param name="Action">What was done, such as <c>key.create</c>.</param>
/// <param name="TargetKind">What kind of thing was changed: <c>user</c>, <c>key</c>, <c>provider</c>, <c>model</c>, <c>request</c> or <c>archive</c>.</param>
/// <param name="TargetId">The changed thing: an id, a name, or <c>provider/model</c>.</param>
/// <param name="Before">The target before the change, without secrets; null: it did not exist.</param>
/// <param name="After">The target after the change, without secrets; null: it exists no longer.</param>
/// <param name="RequestId">The request that made the change; null for the system.</param>
/// <param name="PreviousHash">The <c>hash</c> of the row before, in hexadecimal digits; zeros in the first row.</param>
/// <param name="Hash">SHA-256 over all other members, in hexadecimal digits.</param>
public sealed record AuditItemResponse(
    long Sequence,
    Guid Id,
    DateTimeOffset At,
    string Actor,
    string Via,
    Guid? ApiKeyId,
    string Action,
    string TargetKind,
    string TargetId,
    JsonElement? Before,
    JsonElement? After,
    Guid? RequestId,
    string PreviousHash,
    string Hash)
{
    internal static AuditItemResponse Of(AdminAction row) => new(
        row.Sequence,
        row.Id,
        row.At,
        row.ActorId?.ToString() ?? AuditActor.System,
        WireName.Of(row.Via),
        row.ApiKeyId,
        row.Action,
        row.TargetKind,
        row.TargetId,
        ToJson(row.Before),
        ToJson(row.After),
        row.RequestId,
        Convert.ToHexStringLower(row.PreviousHash),
        Convert.ToHexStringLower(row.Hash));

    private static JsonElement? ToJson(string? text) => text is null ? null : JsonElement.Parse(text);
}

/// <summary>The check of the audit log. Rows that were cut off at the end cannot be seen: keep the head elsewhere, and compare.</summary>
/// <param name="Unbroken">Whether every row fits the row before.</param>
/// <param name="Rows">Rows read.</param>
/// <param name="Head">The last row; null: there is none.</param>
/// <param name="Fault">The first row that does not fit; null: there is none.</param>
public sealed record AuditVerificationResponse(bool Unbroken, long Rows, AuditHeadResponse? Head, AuditFaultResponse? Fault);

/// <summary>The last row of the audit log.</summary>
/// <param name="Sequence">Its sequence number.</param>
/// <param name="Hash">Its hash, in hexadecimal digits.</param>
public sealed record AuditHeadResponse(long Sequence, string Hash);

/// <summary>A row of the audit log that does not fit.</summary>
/// <param name="Sequence">The sequence number of the row.</param>
/// <param name="Id">Its id; null: the row is missing.</param>
/// <param name="Problem"><c>missing</c>, <c>changed</c> (its hash does not fit its members) or <c>unlinked</c> (it does not follow the row before).</param>
public sealed record AuditFaultResponse(long Sequence, Guid? Id, string Problem);
