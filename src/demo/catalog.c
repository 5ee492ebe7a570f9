/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The laws are broad enough that no healthy column looks odd, and their effects on the prediction
 * small enough that it follows the sum of many.
 */
#include "driftop/demo/catalog.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define OS        "android:48 ios:31 windows:12 macos:6 linux:3"
#define COUNTRIES "DE:28 FR:19 IT:13 ES:12 PT:8 NL:8 PL:7 AT:5"
#define WEEKDAYS  "mon:15 tue:15 wed:15 thu:15 fri:16 sat:13 sun:11"
/* name, law with its two numbers, how much is missing, effect */
#define NUMBER(n, l, x, y, m, w)                                                                   \
    {                                                                                              \
        .name = (n), .law = (l), .a = (x), .b = (y), .missing_ratio = (m), .effect = (w)           \
    }
/* so many columns of one normal law */
#define MANY(n, k, x, y, w)                                                                        \
    {                                                                                              \
        .name = (n), .law = LAW_NORMAL, .a = (x), .b = (y), .effect = (w), .repeat = (k)           \
    }
#define TEXT(n, c, m, w)                                                                           \
    {                                                                                              \
        .name = (n), .law = LAW_CATEGORY, .categories = (c), .missing_ratio = (m), .effect = (w)   \
    }

/* clang-format off */
static const struct catalog_feature fraud_score[] = {
    NUMBER("amount", LAW_LOGNORMAL, 3.4, 1.1, 0, 0.5),
    NUMBER("amount_7d", LAW_LOGNORMAL, 5.1, 1.2, 0.002, 0.3),
    TEXT("device_os", OS, 0.004, 0.2),
    NUMBER("hour", LAW_WHOLE, 0, 23, 0, 0.1),
    TEXT("country", COUNTRIES, 0, 0.3),
    NUMBER("account_age_d", LAW_EXPONENTIAL, 540, 0, 0, -0.5),
    TEXT("merchant_category", "grocery:24 fashion:18 travel:11 fuel:12 games:15 food:20", 0, 0.2),
    NUMBER("payments_24h", LAW_COUNT, 2.4, 0, 0, 0.3),
    NUMBER("declined_7d", LAW_COUNT, 0.4, 0, 0, 0.4),
    NUMBER("distance_km", LAW_LOGNORMAL, 2.2, 1.3, 0.02, 0.2),
    NUMBER("card_present", LAW_FLAG, 0.35, 0, 0, -0.3),
    NUMBER("email_age_d", LAW_EXPONENTIAL, 900, 0, 0.03, -0.2),
    NUMBER("ip_risk", LAW_NORMAL, 0.2, 0.08, 0.005, 0.4),
    MANY("velocity", 5, 0, 1, 0.1),
};
static const struct catalog_feature eta_eu[] = {
    NUMBER("distance_m", LAW_LOGNORMAL, 8.3, 0.7, 0, 0.8),
    NUMBER("courier_load", LAW_COUNT, 3.1, 0, 0, 0.3),
    NUMBER("prep_time_s", LAW_LOGNORMAL, 6.4, 0.4, 0.01, 0.4),
    NUMBER("hour", LAW_WHOLE, 0, 23, 0, 0.1),
    TEXT("weekday", WEEKDAYS, 0, 0.1),
    TEXT("city", "berlin:25 paris:30 milano:15 madrid:18 lisboa:12", 0, 0.2),
    NUMBER("rain_mm", LAW_EXPONENTIAL, 0.8, 0, 0.015, 0.2),
    NUMBER("traffic_index", LAW_NORMAL, 1, 0.15, 0.01, 0.3),
};
static const struct catalog_feature churn_b2c[] = {
    NUMBER("tenure_months", LAW_EXPONENTIAL, 26, 0, 0, -0.6),
    NUMBER("sessions_30d", LAW_COUNT, 9, 0, 0, -0.4),
    TEXT("device_os", OS, 0.002, 0.1),
    TEXT("plan", "basic:52 plus:31 family:17", 0, 0.2),
    NUMBER("support_tickets", LAW_COUNT, 0.6, 0, 0, 0.4),
    NUMBER("monthly_fee", LAW_NORMAL, 14.5, 3.2, 0, 0.2),
    NUMBER("discount", LAW_FLAG, 0.22, 0, 0, -0.1),
    NUMBER("watch_hours", LAW_LOGNORMAL, 2.1, 0.8, 0.01, -0.3),
    MANY("usage", 14, 0, 1, 0.05),
};
static const struct catalog_feature rank_home[] = {
    NUMBER("position_bias", LAW_EXPONENTIAL, 4, 0, 0, -0.3),
    NUMBER("clicks_7d", LAW_COUNT, 5, 0, 0, 0.4),
    NUMBER("dwell_s", LAW_LOGNORMAL, 3, 0.9, 0.01, 0.3),
    TEXT("surface", "home:60 search:25 push:15", 0, 0.2),
    NUMBER("freshness_h", LAW_EXPONENTIAL, 30, 0, 0, -0.2),
    NUMBER("price", LAW_LOGNORMAL, 3.6, 0.8, 0.003, 0.1),
    MANY("emb", 42, 0, 0.4, 0.05),
};
static const struct catalog_feature pay_risk[] = {
    NUMBER("amount", LAW_LOGNORMAL, 3.8, 1, 0, 0.3),
    NUMBER("amount_7d", LAW_LOGNORMAL, 5.4, 1.1, 0, 0.2),
    NUMBER("amount_30d", LAW_LOGNORMAL, 6.6, 1, 0.004, 0.2),
    NUMBER("installments", LAW_WHOLE, 1, 12, 0, 0.3),
    TEXT("country", COUNTRIES, 0, 0.2),
    TEXT("method", "card:55 wallet:25 transfer:14 invoice:6", 0, 0.3),
    NUMBER("late_payments", LAW_COUNT, 0.8, 0, 0, 0.6),
    NUMBER("income_band", LAW_WHOLE, 1, 8, 0.02, -0.3),
    NUMBER("limit_used", LAW_NORMAL, 0.42, 0.16, 0, 0.4),
    MANY("hist", 12, 0, 1, 0.05),
};
static const struct catalog_feature ltv[] = {
    NUMBER("income", LAW_LOGNORMAL, 7.9, 0.45, 0.002, 0.5),
    NUMBER("orders_12m", LAW_COUNT, 4.2, 0, 0, 0.5),
    NUMBER("basket", LAW_LOGNORMAL, 3.7, 0.6, 0, 0.4),
    NUMBER("age", LAW_NORMAL, 41, 11, 0.01, 0.1),
    TEXT("channel", "organic:40 paid:28 social:20 partner:12", 0, 0.2),
    NUMBER("returns_12m", LAW_COUNT, 0.9, 0, 0, -0.3),
    TEXT("country", COUNTRIES, 0, 0.1),
    NUMBER("newsletter", LAW_FLAG, 0.44, 0, 0, 0.1),
    MANY("season", 6, 0, 1, 0.05),
};
static const struct catalog_feature search_rank[] = {
    NUMBER("bm25", LAW_NORMAL, 14, 4, 0, 0.7),
    NUMBER("query_length", LAW_COUNT, 3.2, 0, 0, 0.1),
    TEXT("device_os", OS, 0, 0.1),
    NUMBER("ctr_30d", LAW_EXPONENTIAL, 0.06, 0, 0.01, 0.5),
    NUMBER("stock", LAW_FLAG, 0.91, 0, 0, 0.2),
    NUMBER("rating", LAW_NORMAL, 3.9, 0.5, 0.03, 0.3),
    MANY("vec", 24, 0, 0.5, 0.05),
};
static const struct catalog_feature ads_ctr[] = {
    NUMBER("bid", LAW_LOGNORMAL, -0.8, 0.7, 0, 0.3),
    TEXT("device_os", OS, 0, 0.2),
    TEXT("format", "banner:45 video:30 native:25", 0, 0.3),
    NUMBER("hour", LAW_WHOLE, 0, 23, 0, 0.1),
    NUMBER("impressions_1d", LAW_COUNT, 12, 0, 0, -0.3),
    NUMBER("viewability", LAW_NORMAL, 0.64, 0.12, 0.01, 0.4),
    MANY("ctx", 20, 0, 1, 0.05),
};
static const struct catalog_feature kyc_doc[] = {
    NUMBER("blur", LAW_EXPONENTIAL, 0.12, 0, 0, -0.6),
    NUMBER("glare", LAW_EXPONENTIAL, 0.08, 0, 0, -0.4),
    TEXT("device_os", OS, 0, 0.1),
    TEXT("document", "passport:34 id_card:49 licence:17", 0, 0.2),
    NUMBER("width_px", LAW_NORMAL, 2400, 420, 0, 0.1),
    NUMBER("face_match", LAW_NORMAL, 0.83, 0.06, 0.004, 0.8),
    NUMBER("ocr_errors", LAW_COUNT, 1.1, 0, 0, -0.3),
    NUMBER("age", LAW_NORMAL, 37, 12, 0.01, 0.1),
};
static const struct catalog_feature refund[] = {
    NUMBER("amount", LAW_LOGNORMAL, 3.1, 0.8, 0, 0.3),
    NUMBER("days_since_order", LAW_EXPONENTIAL, 9, 0, 0, 0.2),
    TEXT("device_os", OS, 0, 0.1),
    TEXT("reason", "late:30 damaged:25 wrong:22 taste:13 other:10", 0, 0.4),
    NUMBER("refunds_90d", LAW_COUNT, 0.7, 0, 0, 0.7),
    NUMBER("photo", LAW_FLAG, 0.58, 0, 0, -0.3),
    NUMBER("order_items", LAW_COUNT, 3.6, 0, 0, 0.1),
    NUMBER("customer_age_d", LAW_EXPONENTIAL, 420, 0, 0.005, -0.2),
    NUMBER("chat_length", LAW_LOGNORMAL, 4.6, 0.7, 0.02, 0.1),
};
static const struct catalog_feature geo_eta[] = {
    NUMBER("distance_m", LAW_LOGNORMAL, 9.1, 0.8, 0, 0.9),
    NUMBER("segments", LAW_COUNT, 11, 0, 0, 0.2),
    NUMBER("speed_kmh", LAW_NORMAL, 38, 9, 0.01, -0.5),
    NUMBER("hour", LAW_WHOLE, 0, 23, 0, 0.1),
    TEXT("vehicle", "bike:42 scooter:33 car:25", 0, 0.3),
    TEXT("weekday", WEEKDAYS, 0, 0.1),
    NUMBER("turns", LAW_COUNT, 7, 0, 0, 0.2),
    NUMBER("slope", LAW_NORMAL, 0, 0.03, 0.005, 0.1),
};
static const struct catalog_feature spam[] = {
    NUMBER("links", LAW_COUNT, 1.3, 0, 0, 0.5),
    NUMBER("caps_ratio", LAW_EXPONENTIAL, 0.07, 0, 0, 0.3),
    NUMBER("length", LAW_LOGNORMAL, 5.2, 0.9, 0, -0.1),
    NUMBER("sender_age_d", LAW_EXPONENTIAL, 300, 0, 0.01, -0.6),
    TEXT("language", "de:40 en:35 fr:15 it:10", 0, 0.2),
    NUMBER("attachments", LAW_COUNT, 0.4, 0, 0, 0.2),
    NUMBER("reply", LAW_FLAG, 0.3, 0, 0, -0.5),
    MANY("term", 8, 0, 1, 0.1),
};

/* Less important ones only open tickets when their inputs drift. */
#define TICKETS "{drift: ticket}"
#define FEATURES(array) .features = (array), .n_features = COUNT(array)

/* name, owner, versions, weights, champion, requests/s, rows/s, latency ms, errors */
const struct catalog_deployment catalog[CATALOG_DEPLOYMENTS] = {
    {"fraud-score", "risk-ml", {"41", "42"}, {75, 25}, 0, 180, 30, 24, 0.002,
     .bias = -2.4, .rules = "{latency_p99: 300ms}", FEATURES(fraud_score)},
    {"eta-eu", "logistics", {"7", "8"}, {70, 30}, 0, 140, 15, 35, 0.003,
     .kind = PREDICT_AMOUNT, .bias = 6.8, FEATURES(eta_eu)},
    {"churn-b2c", "growth", {"12", "13"}, {0, 100}, 1, 25, 12, 40, 0.001,
     .bias = -1.6, .rules = TICKETS, .mobile_client = true, FEATURES(churn_b2c)},
    {"rank-home", "discovery", {"100", "101"}, {50, 50}, 1, 320, 16, 60, 0.002,
     .bias = -1, .rules = "{latency_p99: 300ms, latency_for: 20s}", FEATURES(rank_home)},
    {"pay-risk", "risk-ml", {"8", "9"}, {10, 90}, 1, 90, 20, 30, 0.002,
     .bias = -2, FEATURES(pay_risk)},
    {"ltv", "growth", {"5", "6"}, {30, 70}, 1, 20, 14, 45, 0.001,
     .kind = PREDICT_AMOUNT, .bias = 4.2, FEATURES(ltv)},
    {"search-rank", "discovery", {"230", "231"}, {20, 80}, 1, 260, 14, 28, 0.002,
     .bias = -0.6, .rules = TICKETS, .mobile_client = true, FEATURES(search_rank)},
    {"ads-ctr", "ads", {"77", "78"}, {0, 100}, 1, 380, 14, 12, 0.001,
     .bias = -3, .rules = TICKETS, .mobile_client = true, FEATURES(ads_ctr)},
    {"kyc-doc", "trust", {"3", "4"}, {40, 60}, 1, 20, 12, 180, 0.004,
     .bias = 1.8, .rules = TICKETS, .mobile_client = true, FEATURES(kyc_doc)},
    {"refund", "care", {"18", "19"}, {0, 100}, 1, 22, 12, 50, 0.002,
     .bias = -1.1, .rules = TICKETS, .mobile_client = true, FEATURES(refund)},
    {"geo-eta", "logistics", {"21", "22"}, {50, 50}, 1, 110, 12, 20, 0.002,
     .delivery = DELIVER_SINK_ROWS, .kind = PREDICT_AMOUNT, .bias = 6.2, FEATURES(geo_eta)},
    {"spam", "trust", {"55", "56"}, {25, 75}, 1, 150, 12, 15, 0.001,
     .delivery = DELIVER_SINK_EVENTS, .bias = -1.4, FEATURES(spam)},
};
/* clang-format on */
