namespace AiGateway.Application.Administration;

/// <summary>The names of administrative changes, in the log and in the audit log. A name that was released is never changed.</summary>
public static class AdminActions
{
    /// <summary>A user was created.</summary>
    public const string CreateUser = "user.create";

    /// <summary>A user was renamed, disabled or enabled.</summary>
    public const string UpdateUser = "user.update";

    /// <summary>A user joined a team, or left it.</summary>
    public const string SetUserTeam = "user.team";

    /// <summary>The personal data of a user was erased.</summary>
    public const string EraseUser = "user.erase";

    /// <summary>An organisation, a team or a project was created.</summary>
    public const string CreateScope = "scope.create";

    /// <summary>An organisation, a team or a project was changed or moved.</summary>
    public const string UpdateScope = "scope.update";

    /// <summary>An organisation, a team or a project was deleted, with its budgets and rates.</summary>
    public const string DeleteScope = "scope.delete";

    /// <summary>The limits of a user were set.</summary>
    public const string SetQuota = "quota.set";

    /// <summary>The budgets of an organisation, team, project, user or key were set.</summary>
    public const string SetBudgets = "budgets.set";

    /// <summary>The rates of an organisation, team, project, user or key were set.</summary>
    public const string SetRates = "rates.set";

    /// <summary>A key was created.</summary>
    public const string CreateKey = "key.create";

    /// <summary>A key was changed or moved.</summary>
    public const string UpdateKey = "key.update";

    /// <summary>A key got another secret.</summary>
    public const string RotateKey = "key.rotate";

    /// <summary>A key was revoked.</summary>
    public const string RevokeKey = "key.revoke";

    /// <summary>A webhook was created.</summary>
    public const string CreateWebhook = "webhook.create";

    /// <summary>A webhook was changed, disabled or enabled.</summary>
    public const string UpdateWebhook = "webhook.update";

    /// <summary>A webhook got another secret.</summary>
    public const string RotateWebhook = "webhook.rotate";

    /// <summary>A webhook was deleted.</summary>
    public const string DeleteWebhook = "webhook.delete";

    /// <summary>A provider, or a model of it, was switched off or on.</summary>
    public const string SwitchProvider = "provider.switch";

    /// <summary>The cost of a request was corrected.</summary>
    public const string CorrectUsage = "usage.correct";

    /// <summary>Usage records of a file were removed from the database.</summary>
    public const string ArchiveUsage = "usage.archive";
}

/// <summary>The kinds of things that administrative changes concern.</summary>
public static class AdminTargets
{
    /// <summary>A user, by id.</summary>
    public const string User = "user";

    /// <summary>An organisation, by id.</summary>
    public const string Organisation = "organisation";

    /// <summary>A team, by id.</summary>
    public const string Team = "team";

    /// <summary>A project, by id.</summary>
    public const string Project = "project";

    /// <summary>An API key, by id.</summary>
    public const string Key = "key";

    /// <summary>A webhook, by id.</summary>
    public const string Webhook = "webhook";

    /// <summary>A provider, by name.</summary>
    public const string Provider = "provider";

    /// <summary>A model of a provider, as <c>provider/model</c>.</summary>
    public const string Model = "model";

    /// <summary>A request, by id.</summary>
    public const string Request = "request";

    /// <summary>An archive, by the name of its file.</summary>
    public const string Archive = "archive";
}
