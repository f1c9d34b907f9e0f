using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiGateway.Infrastructure.Persistence.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class ScopesAndBudgets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "team_id",
                table: "users",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "charge_set",
                table: "usage_records",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "held_tokens",
                table: "usage_records",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "allowed_models",
                table: "api_keys",
                type: "character varying(2000)",
                maxLength: 2000,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "allowed_networks",
                table: "api_keys",
                type: "character varying(2000)",
                maxLength: 2000,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "description",
                table: "api_keys",
                type: "character varying(1000)",
                maxLength: 1000,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "last_used_at",
                table: "api_keys",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "previous_hash",
                table: "api_keys",
                type: "bytea",
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "previous_valid_until",
                table: "api_keys",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "project_id",
                table: "api_keys",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "tags",
                table: "api_keys",
                type: "character varying(2000)",
                maxLength: 2000,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "team_id",
                table: "api_keys",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "budget_counters",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    window_code = table.Column<int>(type: "integer", nullable: false),
                    start = table.Column<int>(type: "integer", nullable: false),
                    scope_kind = table.Column<int>(type: "integer", nullable: false),
                    scope_id = table.Column<Guid>(type: "uuid", nullable: false),
                    model = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    end_user = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    requests = table.Column<long>(type: "bigint", nullable: false),
                    in_flight = table.Column<long>(type: "bigint", nullable: false),
                    settled_tokens = table.Column<long>(type: "bigint", nullable: false),
                    held_tokens = table.Column<long>(type: "bigint", nullable: false),
                    settled_nano_usd = table.Column<long>(type: "bigint", nullable: false),
                    held_nano_usd = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_budget_counters", x => new { x.id, x.window_code, x.start });
                });

            migrationBuilder.CreateTable(
                name: "budget_state",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    epoch = table.Column<long>(type: "bigint", nullable: false),
                    budgets = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_budget_state", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "budgets",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    scope_kind = table.Column<int>(type: "integer", nullable: false),
                    scope_id = table.Column<Guid>(type: "uuid", nullable: false),
                    metric = table.Column<int>(type: "integer", nullable: false),
                    window_kind = table.Column<int>(type: "integer", nullable: false),
                    window_days = table.Column<int>(type: "integer", nullable: false),
                    window_from = table.Column<int>(type: "integer", nullable: true),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    is_soft = table.Column<bool>(type: "boolean", nullable: false),
                    model = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    per_end_user = table.Column<bool>(type: "boolean", nullable: false),
                    valid_from = table.Column<long>(type: "bigint", nullable: true),
                    valid_to = table.Column<long>(type: "bigint", nullable: true),
                    roll_over_cap = table.Column<long>(type: "bigint", nullable: true),
                    alert_percents = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    counted_since = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_budgets", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "charge_set_members",
                columns: table => new
                {
                    set_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    scope_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_charge_set_members", x => new { x.set_id, x.kind, x.scope_id, x.name });
                });

            migrationBuilder.CreateTable(
                name: "scopes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    parent_id = table.Column<Guid>(type: "uuid", nullable: true),
                    time_zone = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    allowed_models = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    disabled = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_scopes", x => x.id);
                    table.ForeignKey(
                        name: "fk_scopes_scopes",
                        column: x => x.parent_id,
                        principalTable: "scopes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.InsertData(
                table: "budget_state",
                columns: new[] { "id", "budgets", "epoch" },
                values: new object[] { 1, 0L, 0L });

            migrationBuilder.CreateIndex(
                name: "ix_users_team_id",
                table: "users",
                column: "team_id",
                filter: "team_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_usage_records_charge_set_created_at",
                table: "usage_records",
                columns: new[] { "charge_set", "created_at" },
                filter: "charge_set IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_previous_hash",
                table: "api_keys",
                column: "previous_hash",
                filter: "previous_hash IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_project_id",
                table: "api_keys",
                column: "project_id",
                filter: "project_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_team_id",
                table: "api_keys",
                column: "team_id",
                filter: "team_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_budget_counters_scope_id",
                table: "budget_counters",
                column: "scope_id");

            migrationBuilder.CreateIndex(
                name: "ix_budgets_scope_id",
                table: "budgets",
                column: "scope_id");

            migrationBuilder.CreateIndex(
                name: "ix_charge_set_members_scope_id",
                table: "charge_set_members",
                column: "scope_id");

            migrationBuilder.CreateIndex(
                name: "ix_scopes_kind_created_at_id",
                table: "scopes",
                columns: new[] { "kind", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_scopes_parent_id",
                table: "scopes",
                column: "parent_id",
                filter: "parent_id IS NOT NULL");

            migrationBuilder.AddForeignKey(
                name: "fk_api_keys_scopes_project",
                table: "api_keys",
                column: "project_id",
                principalTable: "scopes",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.AddForeignKey(
                name: "fk_api_keys_scopes_team",
                table: "api_keys",
                column: "team_id",
                principalTable: "scopes",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.AddForeignKey(
                name: "fk_users_scopes",
                table: "users",
                column: "team_id",
                principalTable: "scopes",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_api_keys_scopes_project",
                table: "api_keys");

            migrationBuilder.DropForeignKey(
                name: "fk_api_keys_scopes_team",
                table: "api_keys");

            migrationBuilder.DropForeignKey(
                name: "fk_users_scopes",
                table: "users");

            migrationBuilder.DropTable(
                name: "budget_counters");

            migrationBuilder.DropTable(
                name: "budget_state");

            migrationBuilder.DropTable(
                name: "budgets");

            migrationBuilder.DropTable(
                name: "charge_set_members");

            migrationBuilder.DropTable(
                name: "scopes");

            migrationBuilder.DropIndex(
                name: "ix_users_team_id",
                table: "users");

            migrationBuilder.DropIndex(
                name: "ix_usage_records_charge_set_created_at",
                table: "usage_records");

            migrationBuilder.DropIndex(
                name: "ix_api_keys_previous_hash",
                table: "api_keys");

            migrationBuilder.DropIndex(
                name: "ix_api_keys_project_id",
                table: "api_keys");

            migrationBuilder.DropIndex(
                name: "ix_api_keys_team_id",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "team_id",
                table: "users");

            migrationBuilder.DropColumn(
                name: "charge_set",
                table: "usage_records");

            migrationBuilder.DropColumn(
                name: "held_tokens",
                table: "usage_records");

            migrationBuilder.DropColumn(
                name: "allowed_models",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "allowed_networks",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "description",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "last_used_at",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "previous_hash",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "previous_valid_until",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "project_id",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "tags",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "team_id",
                table: "api_keys");
        }
    }
}
